import { type CleaningStepName, cleaningSteps } from "./cleaning_steps.ts";

/** Name of a list of cleaning steps: ours, ours for Turkish, or the rule of one of the five systems. */
export type CleaningPreset =
  | "default"
  | "turkish"
  | "open_images_200k"
  | "flickr8k_callbacks"
  | "flickr8k_split90"
  | "flickr8k_bilstm"
  | "flickr8k_xception";

/** The steps behind each preset's name. */
export const cleaningPresets: Readonly<Record<CleaningPreset, readonly CleaningStepName[]>> = {
  /** Ours: apostrophes deleted, other punctuation to spaces, letters and words of any script. */
  default: ["lowercase", "deleteApostrophes", "nfc", "segmentWords", "signsToSpaces"],
  /** Ours, with the dotted and the dotless i of Turkish and Azerbaijani. */
  turkish: ["lowercaseTurkish", "deleteApostrophes", "nfc", "segmentWords", "signsToSpaces"],
  open_images_200k: ["lowercase", "deleteAllButAToZ", "dropOneCharacterWords"],
  flickr8k_callbacks: ["lowercase", "deletePunctuation", "kerasFilters"],
  flickr8k_split90: ["lowercase", "dropOneCharacterWords", "kerasFilters"],
  flickr8k_bilstm: ["commasToSpaces", "lowercase", "deleteAllButLetters", "dropOneCharacterWords"],
  flickr8k_xception: [
    "lowercase",
    "hyphensToSpaces",
    "dropOneCharacterWords",
    "dropWordsWithSigns",
  ],
};

/** A preset's name, or the names of steps in their order. */
export type Cleaning = CleaningPreset | readonly CleaningStepName[];

/**
 * A function that splits a caption into words: the steps in turn, then a split at white space.
 *
 * ```ts
 * import { cleaner } from "./cleaning.ts";
 *
 * const words = cleaner("default");
 * words("A dog's ball - bright-red!"); // ["a", "dogs", "ball", "bright", "red"]
 * ```
 *
 * @throws {RangeError} if a preset or step of that name does not exist
 */
export function cleaner(cleaning: Cleaning): (caption: string) => string[] {
  const steps = stepNames(cleaning).map((name) => {
    if (!Object.hasOwn(cleaningSteps, name)) {
      throw new RangeError(
        `There is no cleaning step "${name}"; choose from ${Object.keys(cleaningSteps).join(", ")}`,
      );
    }
    return cleaningSteps[name];
  });
  return (caption) => {
    for (const step of steps) caption = step(caption);
    return caption.split(/\s+/).filter((word) => word !== "");
  };
}

function stepNames(cleaning: Cleaning): readonly CleaningStepName[] {
  if (typeof cleaning !== "string") return cleaning;
  if (!Object.hasOwn(cleaningPresets, cleaning)) {
    throw new RangeError(
      `There is no cleaning preset "${cleaning}"; choose from ${
        Object.keys(cleaningPresets).join(", ")
      }`,
    );
  }
  return cleaningPresets[cleaning];
}
