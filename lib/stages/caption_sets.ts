import { type FeatureReader, flippedDigest } from "../features/mod.ts";
import type { Tokenizer } from "../text/mod.ts";
import type { CaptionSet } from "../training/mod.ts";
import type { PreparedData } from "./prepared_data.ts";

/** What is learned from, and what the validation loss is measured on. */
export interface CaptionSets {
  /** Of the train split. */
  train: CaptionSet;
  /** Of the dev split; may be empty. */
  dev: CaptionSet;
}

/**
 * Captions as word indices with their photos' features, for training and for validation.
 *
 * @throws {Error} if no train caption has a photo with a feature
 */
export async function captionSets(
  prepared: PreparedData,
  tokenizer: Tokenizer,
  features: FeatureReader,
): Promise<CaptionSets> {
  const set = async (split: "train" | "dev"): Promise<CaptionSet> => {
    const rows = (await prepared.captions(split)).filter(({ digest }) => features.has(digest));
    return {
      captions: rows.map(({ caption }) => tokenizer.encode(caption)),
      photos: rows.map(({ digest }) => digest),
      features,
    };
  };
  const sets = {
    train: { ...await set("train"), flipped: flippedDigest },
    dev: await set("dev"),
  };
  if (sets.train.captions.length === 0) {
    throw new Error("No caption of the train split has a photo that could be read");
  }
  return sets;
}
