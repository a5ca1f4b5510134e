import * as tf from "@tensorflow/tfjs";
import type { Decoder, DecoderState } from "../models/mod.ts";
import type { WeightTensors } from "../nn/mod.ts";
import type { DecodingSettings } from "./settings.ts";

/** Word indices that decoding has to know. */
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

/** A caption that was decoded. */
export interface DecodedCaption {
  /** Word indices, without markers. */
  words: number[];
  /** Probability of each word given those before it, among the words that may be emitted. */
  probabilities: number[];
  /** Sum of the words' natural-log probabilities, the end's included if it was reached. */
  logProbability: number;
  /** What captions of one photo are ranked by. */
  score: number;
}

interface Hypothesis {
  words: number[];
  probabilities: number[];
  logProbability: number;
}

interface Search {
  photo: number;
  alive: Hypothesis[];
  finished: DecodedCaption[];
}

const IMPOSSIBLE = -1e9;

/**
 * Beam search for many photos at once; width 1 is greedy decoding.
 *
 * Every photo keeps its `beam` likeliest captions; one that has ended keeps its
 * place. A photo is done when all have ended or have `maxLength` words.
 *
 * @param features [photos, ...featureShape]
 * @returns for each photo its captions, the best first, at most `beam`, at least one
 * @throws {RangeError} if beam or maxLength is below 1
 */
export function beamSearch(
  decoder: Decoder,
  weights: WeightTensors,
  features: tf.Tensor,
  markers: Markers,
  settings: Pick<DecodingSettings, "beam" | "maxLength" | "lengthNormalisation">,
): DecodedCaption[][] {
  const { beam, maxLength, lengthNormalisation } = settings;
  if (!(beam >= 1)) throw new RangeError(`Beam is ${beam}; it must be at least 1`);
  if (!(maxLength >= 1)) throw new RangeError(`Longest caption is ${maxLength}; at least 1 word`);
  const photos = features.shape[0];
  const results: DecodedCaption[][] = new Array(photos);
  let searches: Search[] = Array.from({ length: photos }, (_, photo) => ({
    photo,
    alive: [{ words: [], probabilities: [], logProbability: 0 }],
    finished: [],
  }));
  let state = tf.tidy(() => decoder.start(weights, features));
  let words = new Array<number>(photos).fill(markers.start);
  let mask: tf.Tensor1D | undefined;
  try {
    for (let length = 0; searches.length > 0; length++) {
      const { top, next, maskNow } = step(decoder, weights, state, words, mask, markers, beam);
      mask = maskNow;
      tf.dispose(state);
      state = next;
      const rows: number[] = [];
      words = [];
      let row = 0;
      const going: Search[] = [];
      for (const search of searches) {
        const first = row;
        row += search.alive.length;
        const parents = extend(search, first, top, markers, beam, lengthNormalisation);
        if (length + 1 >= maxLength) {
          for (const { hypothesis } of parents.splice(0)) {
            search.finished.push(
              finish(hypothesis, hypothesis.logProbability, lengthNormalisation),
            );
          }
        }
        if (parents.length === 0) {
          results[search.photo] = search.finished.toSorted((a, b) => b.score - a.score);
          continue;
        }
        search.alive = parents.map(({ hypothesis }) => hypothesis);
        for (const { row, word } of parents) {
          rows.push(row);
          words.push(word);
        }
        going.push(search);
      }
      searches = going;
      if (searches.length > 0) state = select(state, rows);
    }
  } finally {
    tf.dispose(state);
    mask?.dispose();
  }
  return results;
}

interface Top {
  /** Log probabilities of the likeliest words of each row, best first. */
  values: Float32Array;
  /** These words. */
  indices: Int32Array;
  /** How many a row. */
  width: number;
}

function step(
  decoder: Decoder,
  weights: WeightTensors,
  state: DecoderState,
  words: number[],
  mask: tf.Tensor1D | undefined,
  markers: Markers,
  beam: number,
): { top: Top; next: DecoderState; maskNow: tf.Tensor1D } {
  const [values, indices, maskNow, ...next] = tf.tidy((): tf.Tensor[] => {
    const read = decoder.step(weights, state, tf.tensor1d(words, "int32"));
    const vocabulary = read.logits.shape[1];
    const forbidden = mask ?? forbid(markers, vocabulary);
    const logits = tf.add(read.logits, forbidden) as tf.Tensor2D;
    // The likeliest words of the logits are those of the probabilities.
    const width = Math.min(beam, vocabulary);
    const top = width === 1 ? argmax(logits) : tf.topk(logits, width);
    const logSums = tf.logSumExp(logits, 1, true);
    return [tf.sub(top.values, logSums), top.indices, forbidden, ...read.state];
  });
  const top = {
    values: values.dataSync() as Float32Array,
    indices: indices.dataSync() as Int32Array,
    width: values.shape[1]!,
  };
  tf.dispose([values, indices]);
  return { top, next, maskNow: maskNow as tf.Tensor1D };
}

function argmax(logits: tf.Tensor2D): { values: tf.Tensor; indices: tf.Tensor } {
  return { values: tf.max(logits, 1, true), indices: tf.expandDims(tf.argMax(logits, 1), 1) };
}

function forbid(markers: Markers, vocabulary: number): tf.Tensor1D {
  const mask = new Float32Array(vocabulary);
  for (const index of markers.forbidden) mask[index] = IMPOSSIBLE;
  return tf.tensor1d(mask);
}

/** The beam's best continuations; those that end move to `finished`. */
function extend(
  search: Search,
  first: number,
  { values, indices, width }: Top,
  markers: Markers,
  beam: number,
  power: number,
): { hypothesis: Hypothesis; row: number; word: number }[] {
  const candidates: { from: Hypothesis; row: number; word: number; log: number; sum: number }[] =
    [];
  search.alive.forEach((from, i) => {
    const row = first + i;
    for (let k = 0; k < width; k++) {
      const log = values[row * width + k];
      if (log < IMPOSSIBLE / 2) continue;
      const word = indices[row * width + k];
      candidates.push({ from, row, word, log, sum: from.logProbability + log });
    }
  });
  candidates.sort((a, b) => b.sum - a.sum);
  const alive: { hypothesis: Hypothesis; row: number; word: number }[] = [];
  for (const { from, row, word, log, sum } of candidates.slice(0, beam - search.finished.length)) {
    if (word === markers.end || word === markers.padding) {
      search.finished.push(finish(from, sum, power));
      continue;
    }
    alive.push({
      row,
      word,
      hypothesis: {
        words: [...from.words, word],
        probabilities: [...from.probabilities, Math.exp(log)],
        logProbability: sum,
      },
    });
  }
  return alive;
}

function finish(from: Hypothesis, logProbability: number, power: number): DecodedCaption {
  const { words, probabilities } = from;
  return {
    words,
    probabilities,
    logProbability,
    score: score(logProbability, words.length, power),
  };
}

/** log probability / length^power (Wu et al., 2016, without their constants). */
function score(logProbability: number, length: number, power: number): number {
  return logProbability / Math.max(1, length) ** power;
}

/** The rows of a state that go on, some of them more than once. */
function select(state: DecoderState, rows: number[]): DecoderState {
  const selected = tf.tidy(() => {
    const index = tf.tensor1d(rows, "int32");
    return state.map((tensor) => tf.gather(tensor, index));
  });
  tf.dispose(state);
  return selected;
}
