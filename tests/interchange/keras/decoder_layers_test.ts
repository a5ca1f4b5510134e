import { decoderLayers } from "../../../lib/interchange/keras/decoder_layers.ts";
import { asKerasDecoder } from "../../../lib/interchange/keras/keras_decoder.ts";
import { modelSettings } from "../../../lib/models/mod.ts";
import { assertThrows } from "../../assert.ts";

Deno.test("decoderLayers() refuses par_inject of any number of words", () => {
  const inputs = { vocabularySize: 9, featureShape: [3] };
  const settings = modelSettings.parse({ kind: "par_inject" });
  assertThrows(
    () => decoderLayers(asKerasDecoder(settings), inputs, { length: null }),
    RangeError,
    "Keras repeats an image for a fixed number of words alone",
  );
});

Deno.test("asKerasDecoder() refuses the transformer and says what to do", () => {
  const settings = modelSettings.parse({ kind: "transformer" });
  assertThrows(
    () => asKerasDecoder(settings),
    RangeError,
    "Keras' own layers cannot express the transformer decoder: export with --format tfjs",
  );
});
