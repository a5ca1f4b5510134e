import { join } from "node:path";
import { writeFileWhole } from "../../storage/mod.ts";
import { encodeSafetensors } from "../../safetensors/mod.ts";
import { layerDiagram } from "../../plots/mod.ts";
import { tokenizerToJson, tokenizerToKeras } from "../../text/mod.ts";
import { decoderLayers } from "../keras/decoder_layers.ts";
import { asKerasDecoder } from "../keras/keras_decoder.ts";
import { keras3Weights } from "../keras/keras3_gates.ts";
import { kerasArchive } from "../keras/write_archive.ts";
import { kerasH5 } from "../keras/write_h5.ts";
import { decoderModel, fitsLayersModel } from "../tfjs/decoder_model.ts";
import { writeLayersModel } from "../tfjs/write_layers_model.ts";
import { bundleCaptioner } from "./bundle_captioner.ts";
import { captionerJson, WEB_FILES } from "./captioner_json.ts";
import { cardText } from "./card_text.ts";
import { type ExportedNetwork, type ExportedRun, paddedLength } from "./exported_run.ts";
import { DIAGRAM, type ModelCard, modelCard } from "./model_card.ts";
import { kerasUsage, webUsage } from "./usage.ts";

/**
 * Writes a decoder for Keras: `decoder.keras` or `decoder.h5`, `tokenizer.json` in Keras' layout,
 * a card.
 *
 * @param folder is there, and empty
 * @throws {RangeError} if Keras' layers cannot express the decoder
 */
export async function writeKerasExport(
  folder: string,
  run: ExportedRun,
  format: "keras" | "h5",
): Promise<void> {
  const { weights, tokenizer, featureShape } = run;
  const model = asKerasDecoder(run.model);
  const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape };
  const spec = decoderLayers(model, inputs, { length: paddedLength(run) });
  const bytes = format === "keras"
    ? await kerasArchive(spec, keras3Weights(weights, model))
    : await kerasH5(spec, weights);
  await writeFileWhole(join(folder, `decoder.${format}`), bytes);
  await writeFileWhole(join(folder, "tokenizer.json"), tokenizerToKeras(tokenizer));
  const card = modelCard(run, format, false);
  await writeCard(folder, card, kerasUsage(card));
}

/**
 * Writes all that a page needs to caption photos: the captioner as one script with its weights and
 * words, the encoder as a TF.js layers model, a card; and the decoder as a layers model too, where
 * TF.js has layers for it.
 *
 * @param folder is there, and empty
 * @param network the encoder; undefined: the page has features from elsewhere
 */
export async function writeWebExport(
  folder: string,
  run: ExportedRun,
  network: ExportedNetwork | undefined,
): Promise<void> {
  const { model, weights, tokenizer, featureShape } = run;
  const write = (file: string, content: string | Uint8Array) =>
    writeFileWhole(join(folder, file), content);
  await write("captioner.js", await bundleCaptioner());
  await write("captioner.json", captionerJson(run, network));
  await write(WEB_FILES.weights, encodeSafetensors(weights));
  await write(WEB_FILES.tokenizer, tokenizerToJson(tokenizer));
  if (network !== undefined) await writeLayersModel(join(folder, "encoder"), network.model);
  if (fitsLayersModel(model)) {
    const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape };
    const decoder = await decoderModel(model, inputs, weights);
    try {
      await writeLayersModel(join(folder, "decoder"), decoder);
    } finally {
      decoder.dispose();
    }
    await write("vocabulary/tokenizer.json", tokenizerToKeras(tokenizer));
  }
  const card = modelCard(run, "tfjs", network !== undefined);
  await writeCard(folder, card, webUsage(card));
}

async function writeCard(folder: string, card: ModelCard, usage: string): Promise<void> {
  const { kind, layers } = card.decoder;
  await writeFileWhole(join(folder, DIAGRAM), layerDiagram(layers, kind) + "\n");
  await writeFileWhole(join(folder, "card.json"), JSON.stringify(card, null, 2) + "\n");
  await writeFileWhole(join(folder, "README.md"), cardText(card, usage));
}
