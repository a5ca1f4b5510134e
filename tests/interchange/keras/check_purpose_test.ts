import { checkPurpose } from "../../../lib/interchange/keras/check_purpose.ts";
import { readKerasGraph } from "../../../lib/interchange/keras/graph.ts";
import { assertThrows } from "../../assert.ts";

const graphOf = (...classes: string[]) =>
  readKerasGraph({
    class_name: "Sequential",
    config: {
      name: "model",
      layers: classes.map((class_name, i) => ({ class_name, config: { name: `layer_${i}` } })),
    },
  });

Deno.test("checkPurpose() says what a model is that is not a decoder, and what to do with it", () => {
  assertThrows(
    () => checkPurpose(graphOf("Conv2D", "Flatten", "Dense")),
    RangeError,
    "with --encoder.weights= and this one's path",
  );
  assertThrows(
    () => checkPurpose(graphOf("InputLayer", "TextVectorization")),
    RangeError,
    "it is a vocabulary (TextVectorization), not a decoder: write its words into a file",
  );
  checkPurpose(graphOf("Embedding", "Conv1D", "LSTM", "Dense"));
  checkPurpose(graphOf("Dense")); // whose refusal is the decoder's
});
