import type { DecodingSettings } from "../../decoding/mod.ts";
import type { ConfigEncoder } from "../../config/mod.ts";
import type { LoadedNetwork } from "../../encoders/mod.ts";
import type { ModelSettings } from "../../models/mod.ts";
import type { Weights } from "../../nn/mod.ts";
import type { Tokenizer } from "../../text/mod.ts";

/** What of a run is written in the layouts of others. */
export interface ExportedRun {
  /** Its name. */
  name: string;
  /** What it is for. */
  description: string;
  /** The decoder. */
  model: ModelSettings;
  /** Its weights. */
  weights: Weights;
  /** Its words. */
  tokenizer: Tokenizer;
  /** Shape of a photo's feature. */
  featureShape: number[];
  /** What the features come from. */
  encoder: ConfigEncoder;
  /** How captions are made of it. */
  decoding: DecodingSettings;
  /** What it scored, by `<data set>-<split>`. */
  evaluations: Record<string, ExportedScores>;
}

/** Scores of one evaluation. */
export interface ExportedScores {
  /** Photos captioned. */
  photos: number;
  /** What the scores depend on. */
  signature: string;
  /** By name: `bleu-1`, … */
  scores: Record<string, number>;
}

/** The encoder of a run that goes along. */
export type ExportedNetwork = LoadedNetwork;

/** Words that a prefix is padded to in Keras: the longest caption seen, or that decoding makes. */
export function paddedLength(
  { model, tokenizer, decoding }: Pick<ExportedRun, "model" | "tokenizer" | "decoding">,
): number {
  if (model.kind === "bilstm_dot" && model.attention === "weighted" && model.softmaxOver !== null) {
    return model.softmaxOver;
  }
  if ("padding" in model && model.padding !== null) return model.padding.positions;
  return Math.max(tokenizer.fitted.longest, decoding.maxLength);
}

/** Indices that are never a caption's word. */
export function forbiddenWords({ tokenizer, decoding }: ExportedRun): number[] {
  return decoding.forbidMarkers
    ? tokenizer.markerIndices.filter((index) => index !== tokenizer.end).toSorted((a, b) => a - b)
    : [];
}
