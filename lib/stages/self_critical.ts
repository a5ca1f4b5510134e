import { type Decoder, markersOf } from "../models/mod.ts";
import type { Tokenizer } from "../text/mod.ts";
import {
  type CaptionReward,
  captionReward,
  type CaptionSet,
  selfCriticalSteps,
  type TrainingSettings,
  type TrainingSteps,
} from "../training/mod.ts";
import type { PreparedData } from "./prepared_data.ts";

/**
 * What a caption of a train photo is worth, as `training.selfCritical` asks; undefined where it is
 * absent. Words are as the tokenizer cleans them, those outside the vocabulary too.
 */
export async function trainReward(
  { selfCritical }: Pick<TrainingSettings, "selfCritical">,
  prepared: Pick<PreparedData, "captions">,
  tokenizer: Tokenizer,
): Promise<CaptionReward | undefined> {
  if (selfCritical === undefined) return undefined;
  const references = new Map<string, string[][]>();
  for (const { digest, caption } of await prepared.captions("train")) {
    const words = [...tokenizer.clean(caption), endOf(tokenizer)];
    const others = references.get(digest);
    if (others === undefined) references.set(digest, [words]);
    else others.push(words);
  }
  return captionReward(references, selfCritical);
}

/** The steps of self-critical training; undefined without a reward. */
export function stepsOf(
  settings: TrainingSettings,
  { set, decoder, tokenizer, reward }: {
    set: CaptionSet;
    decoder: Decoder;
    tokenizer: Tokenizer;
    reward: CaptionReward | undefined;
  },
): TrainingSteps | undefined {
  if (reward === undefined) return undefined;
  const wordsOf = (indices: readonly number[]) =>
    indices.map((index) => tokenizer.words[index].word);
  return selfCriticalSteps({
    set,
    decoder,
    markers: markersOf(tokenizer, true),
    reward: (indices, photo) => reward(wordsOf(indices), photo),
  }, settings);
}

function endOf({ words, end }: Tokenizer): string {
  return words[end].word;
}
