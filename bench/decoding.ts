/**
 * Features to captions: captions a second of the network of the published notebooks, random weights
 * and features, 11 words a caption, as Flickr8k's have.
 */
import { parseArgs } from "node:util";
import { Captioner } from "../lib/captioner/mod.ts";
import { decodingSettings } from "../lib/decoding/mod.ts";
import { startEngine } from "../lib/engine/mod.ts";
import { createDecoder, modelSettings } from "../lib/models/mod.ts";
import { Random } from "../lib/random/mod.ts";
import { fitTokenizer, textSettings } from "../lib/text/mod.ts";
import { readCaptionColumn } from "./read_caption_column.ts";

const { values } = parseArgs({
  options: {
    captions: { type: "string" },
    beam: { type: "string", default: "1" },
    photos: { type: "string", default: "500" },
    words: { type: "string", default: "11" },
    width: { type: "string", default: "4096" },
  },
});
const [beam, photos, words, width] = [values.beam, values.photos, values.words, values.width]
  .map(Number);
const tokenizer = fitTokenizer(
  await readCaptionColumn(values.captions),
  textSettings.parse({ fitOn: "all" }),
);
const { fused } = await startEngine({ say: console.error });
const featureShape = [width];
const decoder = createDecoder(
  modelSettings.parse({ kind: "merge" }),
  { vocabularySize: tokenizer.vocabularySize, featureShape },
  fused,
);
// Random weights hardly ever end a caption: it has as many words as real ones on average.
const decoding = decodingSettings.parse({ beam, maxLength: words });
const weights = decoder.initialWeights(1);
const captioner = new Captioner({ decoder, weights, tokenizer, featureShape, decoding });
const random = new Random(1, "features");
const features = Float32Array.from({ length: photos * width }, () => random.normal());
await captioner.captionFeatures(features, photos); // warm up
const began = performance.now();
await captioner.captionFeatures(features, photos);
const captionsPerSecond = photos / (performance.now() - began) * 1000;
console.log(JSON.stringify({ photos, beam, captionsPerSecond: Math.round(captionsPerSecond) }));
Deno.exit();
