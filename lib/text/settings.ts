import { z } from "zod";
import { type CleaningPreset, cleaningPresets } from "./cleaning.ts";
import { type CleaningStepName, cleaningSteps } from "./cleaning_steps.ts";

const PRESETS = Object.keys(cleaningPresets) as [CleaningPreset, ...CleaningPreset[]];
const STEPS = Object.keys(cleaningSteps) as [CleaningStepName, ...CleaningStepName[]];

const marker = (word: string, what: string) =>
  z.string().regex(/^\S+$/, "must be one word").default(word).describe(what);

/** The words that frame a caption, stand for unknown words and fill up a batch. */
export interface Markers {
  /**
   * Stands before the first word.
   *
   * @default {"<start>"}
   */
  start: string;
  /**
   * Stands after the last word.
   *
   * @default {"<end>"}
   */
  end: string;
  /**
   * Stands for a word outside the vocabulary.
   *
   * @default {"<unknown>"}
   */
  unknown: string;
  /**
   * Name of index 0, which fills up a batch.
   *
   * @default {"<padding>"}
   */
  padding: string;
  /**
   * Whether start and end are words like others, as in Keras notebooks.
   *
   * @default {false}
   */
  asWords: boolean;
}

/** How captions become word indices. */
export interface TextSettings {
  /**
   * A preset or a list of steps.
   *
   * @default {"default"}
   */
  cleaning: CleaningPreset | CleaningStepName[];
  /**
   * Occurrences a word needs to be in the vocabulary.
   *
   * @default {1}
   */
  minCount: number;
  /**
   * The captions that the vocabulary is fitted on; applied by the caller.
   *
   * @default {"train"}
   */
  fitOn: "train" | "all";
  /**
   * Whether words outside the vocabulary become the unknown marker or are left out.
   *
   * @default {"mark"}
   */
  unknownWords: "mark" | "drop";
  /** Start, end, unknown word, padding. */
  markers: Markers;
}

/** Text settings as they are written: what is left out gets its default. */
export type TextSettingsInput = Partial<
  Omit<TextSettings, "markers"> & { markers: Partial<Markers> }
>;

/**
 * Schema of {@linkcode Markers}.
 *
 * @internal
 */
const markerSettings = z.strictObject({
  start: marker("<start>", "stands before the first word"),
  end: marker("<end>", "stands after the last word"),
  unknown: marker("<unknown>", "stands for a word outside the vocabulary"),
  padding: marker("<padding>", "name of index 0, which fills up a batch"),
  asWords: z.boolean().default(false).describe(
    "true: start and end are ordinary words, counted and indexed by frequency and shared with " +
      "equal words of captions, as in the Keras notebooks; false: they can never be a caption's word",
  ),
});

/**
 * Schema of {@linkcode TextSettings}: the `text` part of a config.
 *
 * @internal
 */
export const textSettings: z.ZodType<TextSettings, TextSettingsInput> = z.strictObject({
  cleaning: z.union([z.enum(PRESETS), z.array(z.enum(STEPS))]).default("default").describe(
    `a preset (${PRESETS.join(", ")}) or a list of steps (${STEPS.join(", ")})`,
  ),
  minCount: z.int().min(1).default(1).describe(
    "a word is in the vocabulary if the captions it is fitted on hold it at least this often",
  ),
  fitOn: z.enum(["train", "all"]).default("train").describe(
    "the captions that the vocabulary is fitted on: the train split, or all there are",
  ),
  unknownWords: z.enum(["mark", "drop"]).default("mark").describe(
    "words outside the vocabulary: replaced by the unknown marker, or left out",
  ),
  markers: markerSettings.prefault({}).describe("start, end, unknown word, padding"),
});
