import { architectures } from "../../../lib/encoders/mod.ts";
import { modelNotes } from "../../../lib/encoders/weights/model_notes.ts";
import { assert, assertEquals } from "../../assert.ts";

const { preprocessing } = architectures.mobilenet_v2;

const model = (side: number | null, ...others: object[]) => ({
  class_name: "Functional",
  config: {
    layers: [
      { class_name: "InputLayer", config: { batch_shape: [null, side, side, 3] } },
      ...others,
    ],
  },
});

const rescaling = (scale: number, offset: number) => ({
  class_name: "Rescaling",
  config: { scale, offset },
});

const notesOf = (config: unknown) =>
  modelNotes(config, "a.keras", { imageSize: 224, preprocessing });

Deno.test("modelNotes() says that the model is for photos of another size, also one within another", () => {
  const [note, ...others] = notesOf(model(160));
  assert(note.includes("photos of 160 × 160 pixels, and encoder.imageSize is 224"), note);
  assertEquals(others, []);
  const older = {
    class_name: "Sequential",
    config: [{
      class_name: "Model",
      config: {
        layers: [{ class_name: "InputLayer", config: { batch_input_shape: [null, 96, 96, 3] } }],
      },
    }],
  };
  assertEquals(notesOf(older).length, 1);
  for (const equal of [model(224), model(null), undefined, {}, "x"]) {
    assertEquals(notesOf(equal), []);
  }
});

Deno.test("modelNotes() says that the model rescales pixels in another way than preprocess_input", () => {
  assertEquals(notesOf(model(224, rescaling(1 / 127.5, -1))), []);
  const [note] = notesOf(model(224, rescaling(1 / 255, 0)));
  assert(note.includes("features are others than that model's"), note);
});
