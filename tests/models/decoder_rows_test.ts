// On TF.js' own backend: no permission is needed.
import * as tf from "@tensorflow/tfjs";
import { createDecoder, DecoderRows, ensembleOf, modelSettings } from "../../lib/models/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { normal, relativeError } from "../engine/tensorflow/gradients.ts";

const GRID = [2, 3, 4];
const inputs = { vocabularySize: 9, featureShape: GRID };
const attention = { kind: "attention", embedding: 5, units: 6, regionUnits: 4, heads: 2 };
const transformer = { kind: "transformer", width: 8, heads: 2, layers: 2, feedForward: 7 };

function member(settings: Record<string, unknown>, seed: number) {
  const decoder = createDecoder(modelSettings.parse(settings), inputs);
  const weights = new Map(
    [...decoder.initialWeights(seed)].map(([name, { shape, data }]) => {
      const moved = normal(`${name} ${seed}`, shape).dataSync();
      return [name, { shape, data: data.map((x, i) => x + 0.3 * moved[i]) }] as const;
    }),
  );
  return { decoder, weights, featureShape: GRID, input: 0 };
}

const models = {
  attention: member(attention, 1),
  "attention with a sentinel": member({ ...attention, adaptive: true }, 2),
  transformer: member(transformer, 3),
  "an ensemble": ensembleOf([member(attention, 1), member(transformer, 3)]),
};

for (const [name, { decoder, weights: made, featureShape }] of Object.entries(models)) {
  Deno.test(`DecoderRows of ${name}: a row tells what its words with its photo alone tell`, async () => {
    await tf.setBackend("cpu");
    const before = tf.memory().numTensors;
    const weights = new Map(
      [...made].map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
    );
    const photos = normal("photos", [4, ...featureShape.length === 1 ? [24] : GRID]);
    const all = new DecoderRows(decoder, weights, photos);
    // Photo 1 is gone after the first word, 0 after the third; rows are repeated and in any order.
    let rows = Array.from({ length: 4 }, (_, photo) => ({ photo, words: [] as number[] }));
    const chosen = [[2, 0, 0, 3, 2, 2], [4, 3, 1, 4, 0], [3, 1, 0, 4]];
    for (const [position, choice] of [[0, 1, 2, 3], ...chosen].entries()) {
      all.select(choice);
      rows = choice.map((row, i) => ({
        photo: rows[row].photo,
        words: [...rows[row].words, position === 0 ? 1 : 2 + (i + position) % 7],
      }));
      const read = all.read(rows.map(({ words }) => words.at(-1)!), (step) => step);
      for (const [i, { photo, words }] of rows.entries()) {
        tf.tidy(() => {
          const alone = new DecoderRows(decoder, weights, tf.slice(photos, photo, 1));
          const steps = words.map((word) => alone.read([word], (step) => step));
          for (const part of ["logits", "attention"] as const) {
            const [own, expected] = [read[part], steps.at(-1)![part]];
            assertEquals(own === undefined, expected === undefined);
            if (own === undefined) continue;
            const error = relativeError(tf.slice(own, i, 1), expected!);
            assert(error < 1e-5, `${part} of row ${i} after ${words}: off by ${error}`);
          }
        });
      }
      tf.dispose([...Object.values(read)]);
    }
    all.dispose();
    tf.dispose([photos, ...weights.values()]);
    assertEquals(tf.memory().numTensors, before);
  });
}
