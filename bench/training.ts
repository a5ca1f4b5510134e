/**
 * Training speed: words a second of the network of the published notebooks, over random features;
 * for the merge decoder also the share of the machine's own matrix rate that its products reach.
 */
import { parseArgs } from "node:util";
import { createDecoder, modelSettings } from "../lib/models/mod.ts";
import { chooseArithmetic } from "../lib/nn/mod.ts";
import { Random } from "../lib/random/mod.ts";
import { startEngine } from "../lib/engine/mod.ts";
import { fitTokenizer, textSettings } from "../lib/text/mod.ts";
import { type CaptionSet, trainDecoder, trainingSettings } from "../lib/training/mod.ts";
import { matrixRate } from "./matrix_rate.ts";
import { readCaptionColumn } from "./read_caption_column.ts";
import { mergeFlopsPerWord } from "./training_flops.ts";

const { values } = parseArgs({
  options: {
    captions: { type: "string" },
    batch: { type: "string", default: "64" },
    steps: { type: "string", default: "30" },
    width: { type: "string", default: "4096" },
    model: { type: "string", default: "merge" },
    arithmetic: { type: "string", default: "float32" },
  },
});
const [batch, steps, width] = [values.batch, values.steps, values.width].map(Number);
const captions = new Random(0, "bench").shuffled(await readCaptionColumn(values.captions));
const tokenizer = fitTokenizer(captions, textSettings.parse({ fitOn: "all" }));

const engine = await startEngine({ say: console.error });
const random = new Random(1, "features");
const pool = Float32Array.from({ length: 256 * width }, () => random.normal());
const set = (from: number, count: number): CaptionSet => {
  const chosen = captions.slice(from, from + count);
  return {
    captions: chosen.map((caption) => tokenizer.encode(caption)),
    photos: chosen.map((_, i) => String(i)),
    features: {
      featureShape: [width],
      gather(digests) {
        const features = new Float32Array(digests.length * width);
        digests.forEach((digest, i) => {
          const row = Number(digest) % 256;
          features.set(pool.subarray(row * width, (row + 1) * width), i * width);
        });
        return features;
      },
    },
  };
};
const settings = trainingSettings.parse({
  epochs: 1,
  batchSize: batch,
  arithmetic: values.arithmetic,
});
const arithmetic = chooseArithmetic("arithmetic", settings.arithmetic, engine.fused, {
  say: console.error,
});
const decoder = createDecoder(
  modelSettings.parse({ kind: values.model }),
  { vocabularySize: tokenizer.vocabularySize, featureShape: [width] },
  engine.fused?.in(arithmetic),
);
const options = { decoder, settings, optimizer: engine.optimizer };
await trainDecoder({ ...options, train: set(0, 4 * batch) }); // warm up
const timed = set(4 * batch, steps * batch);
const { wordsPerSecond } = await trainDecoder({ ...options, train: timed });
console.log(
  JSON.stringify({
    model: values.model,
    batch,
    arithmetic,
    vocabulary: tokenizer.vocabularySize,
    wordsPerSecond: Math.round(wordsPerSecond),
    ...decoder.kind === "merge" ? matrixShare(wordsPerSecond) : {},
  }),
);
Deno.exit();

/** What training reaches, beside the same engine's matrix product alone, in the same seconds. */
function matrixShare(wordsPerSecond: number) {
  const words = timed.captions.reduce((sum, { length }) => sum + length - 1, 0);
  const flops = mergeFlopsPerWord(decoder.weightShapes, words / timed.captions.length);
  const [gigaflops, possible] = [wordsPerSecond * flops / 1e9, matrixRate()];
  return {
    gigaflops: Number(gigaflops.toPrecision(4)),
    matrixGigaflops: Number(possible.toPrecision(4)),
    shareOfMatrixRate: Number((gigaflops / possible).toPrecision(4)),
  };
}
