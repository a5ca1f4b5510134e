import { isObject } from "../files/json_file.ts";
import type { CaptionEntry } from "./listed_captions.ts";

/** What may name a photo of Karpathy's JSON, the first that does so where no id is known. */
const NAMES: ((image: Record<string, unknown>) => unknown)[] = [
  ({ filename }) => filename,
  ({ filename }) => typeof filename === "string" ? filename.replace(/\.\w+$/, "") : undefined,
  ({ filepath, filename }) => filepath === undefined ? undefined : `${filepath}/${filename}`,
  ({ cocoid }) => cocoid,
  ({ imgid }) => imgid,
];

/** Whether a value has the layout of Karpathy's JSON: images with sentences. */
export function isKarpathy(value: unknown): value is { images: Record<string, unknown>[] } {
  return isObject(value) && Array.isArray(value.images) && value.images.length > 0 &&
    value.images.every((image) => isObject(image) && Array.isArray(image.sentences));
}

/**
 * The captions of Karpathy's JSON by photo: by file name, or by whichever of its other ids (the file
 * name without its ending, `cocoid`, `imgid`) most of the known ids are.
 *
 * @param known ids by which captions are looked up
 */
export function karpathyCaptions(
  images: readonly Record<string, unknown>[],
  known: ReadonlySet<string> = new Set(),
): CaptionEntry[] {
  const counts = NAMES.map((nameOf) =>
    images.reduce((count, image) => count + Number(known.has(String(nameOf(image)))), 0)
  );
  const nameOf = NAMES[counts.indexOf(Math.max(...counts))];
  return images.map((image) => ({
    id: String(nameOf(image)),
    found: (image.sentences as unknown[]).map(captionOf),
    shown: "sentences without raw and tokens",
  }));
}

/** The photos of Karpathy's JSON that are trained on, or all where it has no splits. */
export function trainImages(
  images: readonly Record<string, unknown>[],
): readonly Record<string, unknown>[] {
  const train = images.filter(({ split }) => split === "train" || split === "restval");
  return train.length > 0 ? train : images;
}

function captionOf(sentence: unknown): unknown {
  const { raw, tokens } = isObject(sentence) ? sentence : {};
  return raw ?? (Array.isArray(tokens) ? tokens.join(" ") : undefined);
}
