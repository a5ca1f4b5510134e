import { z } from "zod";
import { shorten } from "../text/mod.ts";
import { Random } from "../random/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { describeMatches } from "./photo_names/describe_matches.ts";
import { matchPhotos } from "./photo_names/match_photos.ts";
import type { PhotoMatch } from "./photo_names/photo_match.ts";
import type { Split } from "./dataset_source.ts";

const share = z.number().min(0).max(1);

/** Shares of the photos for each split. */
export const ratioSettings = z.strictObject({
  train: share.default(0.9).describe("share of the photos to train on"),
  dev: share.default(0.05).describe("share to choose the best epoch by"),
  test: share.default(0.05).describe("share to evaluate on"),
  order: z.enum(["file", "shuffled"]).default("shuffled").describe(
    "photos in the order of the captions file, or shuffled",
  ),
  ownFirst: z.boolean().optional().describe(
    "whether a split that the data set has of its own comes first, and the shares are only for one " +
      "that has none",
  ),
  seed: z.int().min(0).optional().describe(
    "what the shuffled order is drawn from; by default dataset.seed",
  ),
}).refine(({ train, dev, test }) => train + dev + test <= 1 + 1e-9, {
  message: "train, dev and test add up to more than 1",
});

/** Shares of the photos. */
export type Ratio = z.infer<typeof ratioSettings>;

/** Whether the data set's own split is to be read: shares take its place, unless it comes first. */
export function asksForOwn(split: string | Ratio): boolean {
  return typeof split === "string" || split.ownFirst === true;
}

/** What to do where shares take the place of a split that was meant. */
export const OBEYS_OWN = "dataset.split=auto obeys it, and so does dataset.split.ownFirst=true";

/**
 * How photos are split: "auto", by shares, or by the source's official split, which has a name of its
 * own.
 */
export function splitSettings<Own extends string>(own: Own) {
  return z.union([z.enum(["auto", own]), ratioSettings], {
    error: `expected "auto", "${own}" or shares such as {"train": 0.9, "dev": 0.05, "test": 0.05}`,
  });
}

/** The shares where neither the source nor the settings give a split. */
export const USUAL_RATIO = { train: 0.9, dev: 0.05, test: 0.05, order: "shuffled" } as const;

/** The photos on one list. */
export interface SplitList {
  split: Exclude<Split, "">;
  path: string;
  photos: Set<string>;
}

/**
 * Splits photos by lists, whose names are matched as those of captions are; photos in no list are in
 * no split.
 *
 * @throws {Error} if a photo is in two lists, or no name on any list is a photo's
 */
export function splitByLists(
  photos: readonly string[],
  lists: readonly SplitList[],
  say: Required<Listener>["say"],
): Map<string, Split> {
  const names = lists.flatMap((list) => [...list.photos]);
  const matches = matchPhotos(names, { files: photos });
  const splits = new Map<string, SplitList>();
  for (const list of lists) {
    for (const name of list.photos) {
      const match = matches.get(name);
      if (match?.kind !== "found") continue;
      const other = splits.get(match.photo);
      if (other !== undefined && other !== list) throw leak(other, list, matches);
      splits.set(match.photo, list);
    }
  }
  if (names.length > 0 && splits.size === 0) throw noneListed(lists, names[0], photos[0]);
  for (const { path, photos: listed } of lists) {
    const unknown = [...listed].filter((name) => matches.get(name)?.kind === "none");
    if (unknown.length === 0) continue;
    say(
      `${path} lists ${unknown.length.toLocaleString("en")} of ${
        listed.size.toLocaleString("en")
      } photos that are missing or have no captions, such as ${shorten(unknown[0])}: left out`,
    );
  }
  const known = new Map([...matches].filter(([, { kind }]) => kind !== "none"));
  for (const line of describeMatches(known, lists.map(({ path }) => path).join(" and "))) say(line);
  return new Map(photos.map((photo) => [photo, splits.get(photo)?.split ?? ""]));
}

function leak(a: SplitList, b: SplitList, matches: ReadonlyMap<string, PhotoMatch>): Error {
  const photosOf = ({ photos }: SplitList) =>
    new Set([...photos].flatMap((name) => {
      const match = matches.get(name);
      return match?.kind === "found" ? [match.photo] : [];
    }));
  const both = [...photosOf(a).intersection(photosOf(b))];
  const count = both.length === 1 ? "1 photo is" : `${both.length.toLocaleString("en")} photos are`;
  return new Error(
    `${count} in both ${a.path} and ${b.path}, such as ${both[0]}: remove them from one of the ` +
      "lists, as a score on photos seen in training means nothing",
  );
}

function noneListed(lists: readonly SplitList[], name: string, photo: string): Error {
  return new Error(
    `${lists.map(({ path }) => path).join(", ")} list no photo that has captions: they have ` +
      `"${
        shorten(name)
      }", for example, and the photos are called as "${photo}" is: correct the lists, or ` +
      "set dataset.split to shares of train, dev and test",
  );
}

/** Splits photos by shares: each split ends at the whole number below its share and those before. */
export function splitByRatio(photos: readonly string[], ratio: Ratio): Map<string, Split> {
  const order = ratio.order === "file"
    ? photos
    : new Random(ratio.seed ?? 1, "split").shuffled(photos);
  const end = (part: number) => Math.floor(photos.length * part + 1e-6);
  const [train, dev, test] = [
    end(ratio.train),
    end(ratio.train + ratio.dev),
    end(ratio.train + ratio.dev + ratio.test),
  ];
  return new Map(order.map((photo, index) => {
    const split = index < train ? "train" : index < dev ? "dev" : index < test ? "test" : "";
    return [photo, split];
  }));
}

/**
 * The usual words for splits, in lower case without digits and signs; "restval" is the part of COCO's
 * val that is commonly trained on, and "eval" beside "test" is what the best epoch is chosen by.
 */
const SPLIT_WORDS: ReadonlyMap<string, Split> = new Map([
  ...words("train", "train training trained trn tr restval"),
  ...words("train", "entraînement entrainement apprentissage entrenamiento treino treinamento"),
  ...words("train", "addestramento eğitim обучение 训练 訓練 学習"),
  ...words("dev", "val valid validation validate vld va vl dev devel development eval evaluation"),
  ...words("dev", "validierung validación validacion validação validacao validazione doğrulama"),
  ...words("dev", "валидация 验证 驗證 検証"),
  ...words("test", "test testing tst te ts prueba teste тест 测试 測試 テスト"),
]);

function words(split: Split, words: string): [string, Split][] {
  return words.split(" ").map((word) => [word, split]);
}

/** The split that a word such as "val", "val2017" or "Training set" means; undefined for others. */
export function splitOf(word: string): Split | undefined {
  const plain = word.toLowerCase().replace(/[^\p{L}]/gu, "");
  return SPLIT_WORDS.get(plain) ??
    SPLIT_WORDS.get(plain.replace(/(set|split|data|images|集|データ)$/, ""));
}

/** Why a row is rejected whose split is such a word. */
export function unknownSplit(word: string): string {
  return `unknown split "${word.trim().slice(0, 30)}", not train, val (dev) or test`;
}

/**
 * Splits photos by the source's own splits where these have train photos and others, otherwise by
 * shares.
 *
 * @param own returns the source's split of each photo that has one
 * @throws {Error} if the settings ask for a split of the source's own, and it has none
 */
export function splitByOwn(
  photos: readonly string[],
  own: () => ReadonlyMap<string, Split>,
  { split, seed }: { split: "auto" | "own" | Ratio; seed: number },
  say: Required<Listener>["say"],
): Map<string, Split> {
  const shares = typeof split === "string"
    ? { ...USUAL_RATIO, seed }
    : { ...split, seed: split.seed ?? seed };
  if (!asksForOwn(split)) return splitByRatio(photos, shares);
  const splits = own();
  const found = new Set(splits.values());
  found.delete("");
  if (split === "own" && found.size === 0) {
    throw new Error(
      "The data set has no split of its own: set dataset.split to shares of train, dev and test",
    );
  }
  if (split === "own" || found.has("train") && found.size > 1) {
    return new Map(photos.map((photo) => [photo, splits.get(photo) ?? ""]));
  }
  const why = found.size === 0
    ? "No split of its own"
    : `All photos are of ${[...found].map((name) => shorten(name)).join(" and ")}`;
  const [train, dev, test] = [shares.train, shares.dev, shares.test]
    .map((share) => Number((100 * share).toFixed(2)));
  say(
    `${why}: ${train} % of the photos for train, ${dev} % for dev, ${test} % for test, ` +
      (shares.order === "file" ? "in the file's order" : "shuffled"),
  );
  return splitByRatio(photos, shares);
}
