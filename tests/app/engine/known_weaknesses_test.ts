import { knownWeaknesses, type RunFacts } from "../../../app/engine/known_weaknesses.ts";
import { trainingTooLarge } from "../../../app/engine/training_memory.ts";
import { loadConfig } from "../../../lib/config/mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";

const ignore = !granted("read");

/** A run trained on many photos, without a fault. */
async function sound(...overrides: string[]): Promise<RunFacts> {
  const { dataset } = await loadConfig({ file: "flickr8k_vgg16", overrides });
  return {
    isImported: false,
    dataset,
    trainPhotos: 6000,
    isEvaluated: true,
    unigramLoss: 5,
    history: [{ epoch: 1, val_loss: 3 }],
    encoder: "vgg16",
    isEncoderKnown: true,
  };
}

Deno.test({ name: "knownWeaknesses() of a sound run are none", ignore }, async () => {
  assertEquals(knownWeaknesses(await sound()), []);
});

Deno.test({ name: "knownWeaknesses() has one sentence for each fault", ignore }, async () => {
  const facts = await sound();
  const shuffled = await sound("dataset.shufflePhotos=true");
  const cases: [RunFacts, string][] = [
    [{ ...facts, dataset: (await loadConfig({})).dataset }, "drawn shapes alone"],
    [shuffled, "a control"],
    [{ ...facts, trainPhotos: 1 }, "1 photo only"],
    [{ ...facts, unigramLoss: 3.1 }, "how often words occur"],
    [{ ...facts, isEvaluated: false }, "never evaluated"],
    [{ ...facts, isImported: true, isEncoderKnown: false }, "vgg16"],
  ];
  for (const [each, words] of cases) {
    const weaknesses = knownWeaknesses(each);
    assertEquals(weaknesses.length, 1, weaknesses.join("\n"));
    assert(weaknesses[0].includes(words) && weaknesses[0].endsWith("."), weaknesses[0]);
  }
});

Deno.test(
  { name: "the data set in an imported run's config is not held against it", ignore },
  async () => {
    const { dataset } = await loadConfig({});
    const imported = {
      ...await sound(),
      dataset,
      isImported: true,
      trainPhotos: undefined,
      unigramLoss: undefined,
      history: [],
      isEvaluated: false,
    };
    assertEquals(knownWeaknesses(imported), [
      "It was imported and never evaluated here: how good its captions are is not known.",
    ]);
  },
);

Deno.test("trainingTooLarge() of more than a gigabyte of train features, grids averaged", () => {
  const splits = (photos: number) => ({
    splits: [{ split: "train" as const, photos, captions: 5 * photos }],
  });
  assertEquals(trainingTooLarge(splits(30_000), [7, 7, 1280]), undefined);
  assert(trainingTooLarge(splits(200_000), [1280])!.includes("too many"));
});
