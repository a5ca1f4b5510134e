import fc from "fast-check";
import { captionBatches } from "../../lib/training/batch_source.ts";
import { disposeBatch, trainingSettings } from "../../lib/training/mod.ts";
import { assertEquals } from "../assert.ts";
import { madeCaptions } from "../models/made_captions.ts";

const set = madeCaptions(50);
/** Numbers kept grow with the square of the words, as in the worst decoder. */
const decoder = { activations: (words: number) => words * words };

/** The labels of a step's captions, sorted, part by part. */
function labelsOf({ parts }: ReturnType<ReturnType<typeof captionBatches>["batch"]>): number[] {
  return parts.flatMap(({ read, words }) => {
    const batch = read();
    const labels = [...batch.labels.dataSync()];
    disposeBatch(batch);
    assertEquals(labels.length, words);
    return labels;
  }).toSorted((a, b) => a - b);
}

Deno.test("captionBatches() of several ranks are together those of one, and know all its words", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(100, 400, 1e9),
      fc.nat({ max: 5 }),
      (ranks, batchSize, maxActivations, epoch) => {
        const settings = trainingSettings.parse({ batchSize, maxActivations });
        const source = captionBatches(set, decoder, settings);
        for (let step = 0; step < source.steps(epoch); step++) {
          const whole = source.batch(epoch, step, 0, 1);
          const shares = Array.from(
            { length: ranks },
            (_, rank) => source.batch(epoch, step, rank, ranks),
          );
          assertEquals(shares.map(({ words }) => words), new Array(ranks).fill(whole.words));
          assertEquals(
            shares.flatMap(labelsOf).toSorted((a, b) => a - b),
            labelsOf(whole),
          );
          const paths = shares.flatMap(({ parts }) => parts.map(({ path }) => path.join()));
          assertEquals(new Set(paths).size, paths.length);
        }
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("captionBatches() answers the same question the same way, in whatever order it is asked", () => {
  const settings = trainingSettings.parse({ batchSize: 8 });
  const [one, other] = [
    captionBatches(set, decoder, settings),
    captionBatches(set, decoder, settings),
  ];
  const asked = [[0, 1], [3, 0], [0, 1], [1, 2]];
  const answers = (source: typeof one, order: number[][]) =>
    order.map(([epoch, step]) => labelsOf(source.batch(epoch, step, 0, 1)));
  assertEquals(answers(other, asked.toReversed()).toReversed(), answers(one, asked));
});
