import * as tf from "@tensorflow/tfjs";

/** Word indices that decoding needs. */
export interface Markers {
  /** Read before the first word. */
  start: number;
  /** Ends a caption. */
  end: number;
  /** Ends a caption as well, where it may be emitted. */
  padding?: number;
  /** Never emitted: padding, start, unknown; none where captions are made as Keras notebooks do. */
  forbidden: number[];
}

/** The markers of a tokenizer. */
export interface MarkedVocabulary {
  /** Index of the start marker. */
  readonly start: number;
  /** Index of the end marker. */
  readonly end: number;
  /** Index of padding, where it has one. */
  readonly padding?: number;
  /** Indices of all markers, the unknown word's too. */
  readonly markerIndices: number[];
}

/** Added to a forbidden word's logit; a log probability below half of it is forbidden. */
export const IMPOSSIBLE: number = -1e9;

/**
 * The markers of a vocabulary.
 *
 * @param forbidMarkers whether no marker but the end may be emitted
 */
export function markersOf(vocabulary: MarkedVocabulary, forbidMarkers: boolean): Markers {
  const { start, end, padding, markerIndices } = vocabulary;
  const forbidden = forbidMarkers ? markerIndices.filter((index) => index !== end) : [];
  return { start, end, padding, forbidden };
}

/**
 * What is added to logits so that forbidden words are never emitted: the same in decoding and
 * wherever training decodes captions.
 *
 * @returns 0 for words that may be emitted [vocabulary]
 */
export function allowedWords({ forbidden }: Markers, vocabularySize: number): tf.Tensor1D {
  const mask = new Float32Array(vocabularySize);
  for (const index of forbidden) mask[index] = IMPOSSIBLE;
  return tf.tensor1d(mask);
}
