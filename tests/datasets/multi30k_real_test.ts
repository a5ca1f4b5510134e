import { fileURLToPath } from "node:url";
import { countSplits, datasetSettings } from "../../lib/datasets/mod.ts";
import { countReasons } from "../../lib/datasets/rejections.ts";
import { fitTokenizer, textSettings } from "../../lib/text/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { prepareDataset } from "./prepare_files.ts";
import { inTempFolder } from "./temp_folder.ts";

const shared = fileURLToPath(new URL("../../../shared/", import.meta.url));
const there = granted("read") &&
  await Promise.all([`${shared}multi30k/val.1.de`, `${shared}flickr8k/Images`].map(Deno.stat))
    .then(() => true, () => false);
const ignore = !there || !granted("write", "env");

const captions = (language: string) =>
  [1, 2, 3, 4, 5].flatMap((n) =>
    Deno.readTextFileSync(`${shared}multi30k/val.${n}.${language}`).trimEnd().split("\n")
  );

// All counts below were computed by a separate Python script (unicodedata's categories) as well.
const all = {
  de: { vocabulary: 5542, longest: 37, pairs: 48585 },
  en: { vocabulary: 4254, longest: 67, pairs: 66807 },
};

for (const [language, size] of Object.entries(all)) {
  Deno.test({
    name: `fitTokenizer() on Multi30k's 4,930 captions in ${language}: vocabulary, longest, pairs`,
    ignore,
    fn: () => {
      const texts = captions(language);
      assertEquals(texts.length, 4930);
      const tokenizer = fitTokenizer(texts, textSettings.parse({}));
      assertEquals(tokenizer.measure(), size);
    },
  });
}

Deno.test({
  name: "fitTokenizer() on Multi30k's German captions leaves umlauts whole",
  ignore,
  fn: () => {
    const { words } = fitTokenizer(captions("de"), textSettings.parse({}));
    const withUmlaut = words.filter(({ word }) => /[äöüß]/.test(word));
    assertEquals(withUmlaut.length, 965);
    assertEquals(withUmlaut.reduce((sum, { count }) => sum + count, 0), 3996);
    const has = (word: string) => words.some((entry) => entry.word === word);
    assert(["mädchen", "läuft", "straße", "über", "männer"].every(has));
    assert(!["mä", "dchen", "stra", "lä"].some(has));
  },
});

Deno.test({
  name: "multi30k: 1,069 German captions of the 214 photos that Flickr8k has, by photo id",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const settings = datasetSettings.parse({
        kind: "multi30k",
        source: `${shared}multi30k`,
        images: `${shared}flickr8k/Images`,
        split: { train: 0.8, dev: 0.1, test: 0.1 },
      });
      const prepared = await prepareDataset(settings, { folder });
      assertEquals(countSplits(prepared.captions), [
        { split: "train", photos: 171, captions: 854 },
        { split: "dev", photos: 21, captions: 105 },
        { split: "test", photos: 22, captions: 110 },
      ]);
      assertEquals(countReasons(prepared.rejected), {
        "no such photo": 3860, // 772 photos
        "duplicate caption of the photo": 1,
      });
      assertEquals(prepared.rows, 4930);
      const texts = prepared.captions.map(({ caption }) => caption);
      const tokenizer = fitTokenizer(texts, textSettings.parse({}));
      assertEquals(tokenizer.measure(), { vocabulary: 1717, longest: 36, pairs: 10380 });
    }),
});
