import type { CheckedShards } from "../features/mod.ts";
import type { Experiment } from "./experiment.ts";

/** What stage 2 made. */
export interface CachedFeatures {
  /** Where they lie. */
  folder: string;
  /** What decides their values. */
  key: string;
  /** Names of the convolutions that oneDNN computed; undefined where none were chosen. */
  oneDnn?: readonly string[];
  /** Photos of the data set that have a feature. */
  photos: number;
  /** Photos of the data set that could not be decoded. */
  rejected: number;
  /** Photos encoded a second, decoding included; 0 if none had to be. */
  photosPerSecond: number;
  /** Shards that were found intact, which the next stages need not check again. */
  checked: CheckedShards;
}

/**
 * Says which photos have no feature, and why; of many, the first ones.
 *
 * @param listedIn the files that list all of them, if there are any
 */
export function sayRejects(
  rejected: readonly { photo: string; reason: string }[],
  say: Experiment["say"],
  listedIn?: string,
): void {
  for (const { photo, reason } of rejected.slice(0, 5)) say(`Rejected ${photo}: ${reason}`);
  if (rejected.length > 5) {
    const where = listedIn === undefined ? "" : `, listed in ${listedIn}`;
    say(`… and ${rejected.length - 5} more${where}`);
  }
}
