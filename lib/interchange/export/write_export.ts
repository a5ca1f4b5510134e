import { join } from "node:path";
import { writeFileWhole } from "../../storage/mod.ts";
import { tokenizerToJson, tokenizerToKeras } from "../../text/mod.ts";
import { architectures } from "../../encoders/mod.ts";
import { decoderLayers } from "../keras/decoder_layers.ts";
import { kerasArchive } from "../keras/write_archive.ts";
import { kerasH5 } from "../keras/write_h5.ts";
import { decoderModel } from "../tfjs/decoder_model.ts";
import { writeLayersModel } from "../tfjs/write_layers_model.ts";
import { cardText } from "./card_text.ts";
import { type ExportedNetwork, type ExportedRun, paddedLength } from "./exported_run.ts";
import { type ModelCard, modelCard } from "./model_card.ts";
import { kerasUsage, webUsage } from "./usage.ts";

/**
 * Writes a decoder for Keras: `decoder.keras` or `decoder.h5`, `tokenizer.json` in Keras' layout,
 * a card.
 *
 * @param folder is there, and empty
 */
export async function writeKerasExport(
  folder: string,
  run: ExportedRun,
  format: "keras" | "h5",
): Promise<void> {
  const { model, weights, tokenizer, featureShape } = run;
  const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape };
  const spec = decoderLayers(model, inputs, { length: paddedLength(run) });
  const bytes = await (format === "keras" ? kerasArchive : kerasH5)(spec, weights);
  await writeFileWhole(join(folder, `decoder.${format}`), bytes);
  await writeFileWhole(join(folder, "tokenizer.json"), tokenizerToKeras(tokenizer));
  const card = modelCard(run, format, false);
  await writeCard(folder, card, kerasUsage(card));
}

/**
 * Writes all that a page needs to caption photos: encoder and decoder as TF.js layers models,
 * the vocabulary in both layouts, a card.
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
  const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape };
  const decoder = await decoderModel(model, inputs, weights);
  try {
    await writeLayersModel(join(folder, "decoder"), decoder);
  } finally {
    decoder.dispose();
  }
  if (network !== undefined) await writeLayersModel(join(folder, "encoder"), network.model);
  const vocabulary = join(folder, "vocabulary");
  await writeFileWhole(join(vocabulary, "tokenizer.json"), tokenizerToKeras(tokenizer));
  await writeFileWhole(join(vocabulary, "showtell_tokenizer.json"), tokenizerToJson(tokenizer));
  const card = modelCard(run, "tfjs", network !== undefined);
  await writeCard(folder, card, webUsage(card, architectures[card.encoder.kind].preprocessing));
}

async function writeCard(folder: string, card: ModelCard, usage: string): Promise<void> {
  const { preprocessing } = architectures[card.encoder.kind];
  const { order, divisor, shift } = preprocessing;
  const pixels = { ...card.encoder.pixels, order, divisor, shift };
  const whole = { ...card, encoder: { ...card.encoder, pixels } };
  await writeFileWhole(join(folder, "card.json"), JSON.stringify(whole, null, 2) + "\n");
  await writeFileWhole(join(folder, "README.md"), cardText(card, usage, preprocessing));
}
