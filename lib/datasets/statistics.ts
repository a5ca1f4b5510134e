import type { CaptionRow, Split } from "./dataset_source.ts";

/** Size of one split. */
export interface SplitCount {
  /** Name of the split. */
  split: Split;
  /** Photos that have captions. */
  photos: number;
  /** Captions of these photos. */
  captions: number;
}

/** Photos and captions of each split that has any, in the order train, dev, test, none. */
export function countSplits(captions: readonly CaptionRow[]): SplitCount[] {
  return (["train", "dev", "test", ""] as const).map((split) => {
    const rows = captions.filter((row) => row.split === split);
    return { split, photos: new Set(rows.map((row) => row.photo)).size, captions: rows.length };
  }).filter((count) => count.captions > 0);
}

/** Number of words of each caption, split at white space, before any cleaning. */
export function captionLengths(captions: readonly CaptionRow[]): number[] {
  return captions.map(({ caption }) => caption.trim().split(/\s+/).filter(Boolean).length);
}

/** The captions of each photo, in the order of the table. */
export function captionsByPhoto(captions: readonly CaptionRow[]): Map<string, CaptionRow[]> {
  return Map.groupBy(captions, ({ photo }) => photo);
}
