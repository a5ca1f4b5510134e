import { encoderSettings } from "../../../lib/config/mod.ts";
import { createEncoder } from "../../../lib/encoders/mod.ts";
import { Random } from "../../../lib/random/mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import {
  ignoreTensorFlow as ignore,
  startTensorFlow,
} from "../../engine/tensorflow/tensorflow_backend.ts";

const cases: { kind: string; imageSize: number; largestInput: number }[] = [
  { kind: "xception", imageSize: 71, largestInput: 1 },
  { kind: "inception_v3", imageSize: 75, largestInput: 1 },
  { kind: "resnet50", imageSize: 64, largestInput: 128 },
];

for (const { kind, imageSize, largestInput } of cases) {
  Deno.test({
    name: `createEncoder() with "random" weights keeps ${kind} alive and of its input's size`,
    ignore,
    fn: async () => {
      const { fused } = await startTensorFlow();
      const settings = encoderSettings.parse({ kind, weights: "random", imageSize });
      const encoder = await createEncoder(settings, { fused });
      assertEquals(encoder.featureShape, [2048]);
      const random = new Random(2);
      const bytes = 2 * imageSize ** 2 * 3;
      const noise = Uint8Array.from({ length: bytes }, () => random.integer(0, 256));
      const values = await encoder.encode(noise, 2);
      encoder.dispose();
      const mean = values.reduce((sum, value) => sum + value) / values.length / largestInput;
      assert(mean > 0.1 && mean < 10, `features are ${mean} of the largest input in the mean`);
      const alive = values.filter((value) => value > 0.01 * mean * largestInput).length;
      assert(alive / values.length > 0.4, `${alive} of ${values.length} are alive`);
      assert(values.subarray(2048).some((value, i) => value !== values[i]), "photos are all alike");
    },
  });
}
