import { captionBatches, disposeBatch, trainingSettings } from "../../lib/training/mod.ts";
import { assertEquals } from "../assert.ts";
import { madeCaptions } from "../models/made_captions.ts";

Deno.test("captionBatches() of augmented photos sees what was prepared for the step, ahead of the next", async () => {
  const asked: { photos: readonly string[]; path: readonly (string | number)[] }[] = [];
  let expected: readonly string[] = [];
  const source = captionBatches(
    {
      ...madeCaptions(10),
      augmented(photos, path, next) {
        if (expected.length > 0) assertEquals(photos, expected);
        expected = next;
        asked.push({ photos, path });
        return Promise.resolve({
          featureShape: [1],
          gather: (digests) =>
            Float32Array.from(digests, (one) => 100 * asked.length + photos.indexOf(one)),
        });
      },
    },
    { activations: () => 1 },
    trainingSettings.parse({ batchSize: 4, groupByLength: false }),
  );
  for (let step = 0; step < source.steps(1); step++) {
    await source.prepare!(1, step, 0, 1);
    const [{ read }] = source.batch(1, step, 0, 1).parts;
    const batch = read();
    const rows = asked.at(-1)!.photos.map((_, i) => 100 * (step + 1) + i);
    assertEquals([...batch.features.dataSync()], rows);
    disposeBatch(batch);
  }
  assertEquals(asked.map(({ path }) => path), [[1, 0], [1, 1], [1, 2]]);
  assertEquals(asked.flatMap(({ photos }) => photos).toSorted(), madeCaptions(10).photos);
  assertEquals(expected, []); // after the last step
});
