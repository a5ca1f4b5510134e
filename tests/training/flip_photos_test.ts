import { createDecoder, modelSettings } from "../../lib/models/mod.ts";
import { plainAdam } from "../../lib/nn/mod.ts";
import {
  captionBatches,
  type CaptionSet,
  trainDecoder,
  trainingSettings,
} from "../../lib/training/mod.ts";
import { disposeBatch } from "../../lib/training/mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { madeCaptions } from "../models/made_captions.ts";

/** The set, which writes down what features are asked for. */
function watched(set: CaptionSet): { set: CaptionSet; asked: string[] } {
  const asked: string[] = [];
  const features = {
    ...set.features,
    gather(digests: string[]) {
      asked.push(...digests);
      return set.features.gather(digests.map((digest) => digest.replace("-flipped", "")));
    },
  };
  return { set: { ...set, features, flipped: (digest) => `${digest}-flipped` }, asked };
}

const decoder = { activations: () => 1 };

/** What an epoch's steps see of each photo. */
function seen(epoch: number, settings: Record<string, unknown>, ranks = 1): string[] {
  const { set, asked } = watched(madeCaptions(200));
  const parsed = trainingSettings.parse({ flipPhotos: true, batchSize: 16, ...settings });
  const source = captionBatches(set, decoder, parsed);
  for (let step = 0; step < source.steps(epoch); step++) {
    for (let rank = 0; rank < ranks; rank++) {
      for (const { read } of source.batch(epoch, step, rank, ranks).parts) disposeBatch(read());
    }
  }
  return asked.toSorted();
}

Deno.test("captionBatches() with flipPhotos sees each photo flipped in about half of the epochs", () => {
  const first = seen(0, {});
  const flipped = first.filter((photo) => photo.endsWith("-flipped"));
  assertEquals(new Set(first.map((photo) => photo.replace("-flipped", ""))).size, 200);
  assert(flipped.length > 70 && flipped.length < 130, `${flipped.length} of 200`);
  assertEquals(seen(0, {}), first);
  assertEquals(seen(0, { batchSize: 7 }, 3), first); // however it is cut and shared
  for (const other of [seen(1, {}), seen(0, { seed: 2 })]) {
    const both = other.filter((photo) => first.includes(photo)).length;
    assert(both > 70 && both < 130, `${both} of 200 alike`);
  }
  assert(seen(0, { flipPhotos: false }).every((photo) => !photo.endsWith("-flipped")));
});

Deno.test("captionBatches() with flipPhotos refuses a set without such features", () => {
  assertThrows(
    () => captionBatches(madeCaptions(3), decoder, trainingSettings.parse({ flipPhotos: true })),
    RangeError,
    "training.flipPhotos is true, but the features have none of flipped photos",
  );
});

Deno.test("trainDecoder() with flipPhotos trains on flipped photos and never validates on them", async () => {
  const [train, dev] = [watched(madeCaptions(20)), watched(madeCaptions(7, { seed: 6 }))];
  await trainDecoder({
    decoder: createDecoder(
      modelSettings.parse({ kind: "merge", embedding: 3, units: 4, dense: 3 }),
      { vocabularySize: 23, featureShape: [6] },
    ),
    settings: trainingSettings.parse({ epochs: 3, batchSize: 8, flipPhotos: true }),
    train: train.set,
    dev: dev.set,
    optimizer: plainAdam,
  });
  const flips = ({ asked }: typeof train) =>
    asked.filter((photo) => photo.endsWith("-flipped")).length;
  assertEquals([train.asked.length, dev.asked.length], [60, 21]);
  assert(flips(train) > 15 && flips(train) < 45, `${flips(train)}`);
  assertEquals(flips(dev), 0);
});
