import { decoderLayers } from "../../../lib/interchange/keras/decoder_layers.ts";
import { modelSettings } from "../../../lib/models/mod.ts";
import { assertThrows } from "../../assert.ts";

Deno.test("decoderLayers() refuses an unsupported decoder and names the supported ones", () => {
  assertThrows(
    () =>
      decoderLayers(
        modelSettings.parse({ kind: "init_inject" }),
        { vocabularySize: 9, featureShape: [3] },
        { length: 5 },
      ),
    RangeError,
    "the init_inject decoder cannot be exported to Keras: those of merge and bilstm_dot can; a web " +
      "page takes any (--format tfjs)",
  );
});
