import {
  caffe,
  minusOneToOne,
  Preprocessor,
} from "../../../lib/encoders/architectures/preprocessing.ts";
import { assertAlmostEquals, assertEquals } from "../../assert.ts";

Deno.test("Preprocessor of VGG16 turns RGB into BGR and subtracts ImageNet's means", () => {
  const values = new Float32Array(6);
  new Preprocessor(caffe).run(new Uint8Array([1, 2, 3, 250, 0, 255]), values);
  const expected = [3 - 103.939, 2 - 116.779, 1 - 123.68, 255 - 103.939, -116.779, 250 - 123.68];
  expected.forEach((value, i) => assertAlmostEquals(values[i], value, 1e-5));
});

Deno.test("Preprocessor of MobileNetV2 is x / 127.5 - 1 in float32, for every byte", () => {
  const bytes = Uint8Array.from({ length: 768 }, (_, i) => i / 3);
  const values = new Float32Array(768);
  new Preprocessor(minusOneToOne).run(bytes, values);
  bytes.forEach((byte, i) => {
    assertEquals(values[i], Math.fround(Math.fround(byte / 127.5) - 1));
  });
});
