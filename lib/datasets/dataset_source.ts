import { z } from "zod";
import type { Listener } from "../progress/mod.ts";
import type { PreparedMetric } from "../metrics/mod.ts";
import type { CountedFrame } from "../text/mod.ts";

/** A caption and its photo: a row of captions.parquet. */
export interface CaptionRow {
  /** Path of the photo, relative to the data set's photo folder. */
  photo: string;
  /** SHA-256 of the photo file, in hexadecimal digits. */
  digest: string;
  /** As it was found. */
  caption: string;
  /** What its photo is used for. */
  split: Split;
}

/** What a photo is used for; "" for those in no split. */
export type Split = "train" | "dev" | "test" | "";

/** A caption that cannot be used: a row of rejected.parquet. */
export interface RejectedRow {
  /** Where it is, such as `captions.txt:12`. */
  row: string;
  /** Why, in the same words for the same reason, as reasons are counted. */
  reason: string;
}

/** A row of a further table of a data set. */
export type TableRow = Record<string, string | number>;

/** A data set as a source returns it, with the captions in a fixed order. */
export interface PreparedDataset {
  /** Name of the source. */
  kind: string;
  /** Absolute, or relative to the data set's own folder. */
  photoFolder: string;
  /** Every caption that can be used. */
  captions: CaptionRow[];
  /** What cannot be used. */
  rejected: RejectedRow[];
  /** Rows that were read, used or not. */
  rows: number;
  /** Markers that were taken off captions, and how many had them; absent: none. */
  markers?: CountedFrame[];
  /** Further tables by name; each is written as `name.parquet`. */
  tables?: Record<string, TableRow[]>;
}

/** Inputs of a source besides its settings. */
export interface PrepareContext extends Listener {
  /** Folder of the data set, for photos that the source makes itself. */
  folder: string;
}

/** Where captioned photos come from; registered in `registry.ts`. */
export interface DatasetSource<S extends SettingsSchema = SettingsSchema> {
  /** Its part of the config, identified by the literal `kind`. */
  readonly settings: S;
  /**
   * Reads the source's own files.
   *
   * @throws {Error} in one sentence, if these settings lead to no captions
   */
  open(settings: z.infer<S>, context: PrepareContext): Promise<OpenDataset>;
  /**
   * A metric of what the source knows about its photos besides captions.
   *
   * @param folder of the prepared data set
   * @param photos as captions.parquet names them, in the order in which captions will be scored
   */
  metric?(folder: string, photos: readonly string[]): Promise<PreparedMetric>;
}

/** A data set whose files were read; each file and each photo is read only once. */
export interface OpenDataset {
  /**
   * A digest of everything that was read, photos included: with equal settings and digests, preparing
   * again would change nothing.
   */
  fingerprint(): Promise<string>;
  /**
   * All captions in one table; photos stay where they are, or are made in the folder.
   *
   * @throws {Error} in one sentence, if no photo can be used
   */
  prepare(): Promise<PreparedDataset>;
  /**
   * Draws those photos again, as they were, that are gone or altered; absent where photos stay where
   * they are.
   *
   * @param digests SHA-256 of each photo, by its path in the data set
   * @returns how many were drawn; undefined if one can no longer be drawn as it was
   */
  redraw?(digests: ReadonlyMap<string, string>): Promise<number | undefined>;
}

/** A strict object with a literal `kind` and the shared settings. */
export type SettingsSchema = z.ZodObject<
  { kind: z.ZodLiteral<string> } & typeof sharedSettings,
  z.core.$strict
>;

/** Settings that every source has. */
export const sharedSettings = {
  maxRejected: z.number().min(0).default(0.2).describe(
    "most rows that may be rejected: a fraction of all rows if below 1, otherwise a number",
  ),
  limit: z.int().min(1).optional().describe(
    "for quick trials: only the first so many photos of each split",
  ),
  shufflePhotos: z.boolean().default(false).describe(
    "control experiment: give each train photo the captions of another train photo",
  ),
  seed: z.int().min(0).default(1).describe("seed of everything random about the data"),
};

/** What a source does with a caption that its train photo already has. */
export const duplicateSettings = z.enum(["reject", "keep"]).default("reject").describe(
  "what to do with a caption that its train photo already has, word for word; of dev and test photos " +
    "every caption is a reference",
);
