import * as tf from "@tensorflow/tfjs";
import { allowedWords, type Decoder, type DecoderState, type Markers } from "../models/mod.ts";
import type { WeightTensors } from "../nn/mod.ts";
import { type DecodedCaption, extend, finish, type Search, type Top } from "./hypotheses.ts";
import { eventLoopYielder } from "./event_loop_yielder.ts";
import type { SearchListener } from "./search_listener.ts";
import type { DecodingSettings } from "./settings.ts";

/** The part of a decoder that a search runs. */
export type DecoderSteps = Pick<Decoder, "vocabularySize" | "start" | "step">;

/** A beam search, as {@linkcode beamSearch} and {@linkcode beamSearchAsync} take it. */
export type SearchSettings = Pick<DecodingSettings, "beam" | "maxLength" | "lengthNormalisation">;

/**
 * Beam search for many photos at once; width 1 is greedy decoding.
 *
 * Every photo keeps its `beam` most probable captions; one that has ended keeps its position. A
 * photo is done when all have ended or have `maxLength` words.
 *
 * @param features [photos, ...featureShape]
 * @returns for each photo its captions, the best first, at most `beam`, at least one
 * @throws {RangeError} if beam or maxLength is below 1
 */
export function beamSearch(
  decoder: DecoderSteps,
  weights: WeightTensors,
  features: tf.Tensor,
  markers: Markers,
  settings: SearchSettings,
): DecodedCaption[][] {
  const search = searchSteps(decoder, weights, features, markers, settings);
  let step = search.next();
  while (!step.done) step = search.next(step.value.map((tensor) => tensor.dataSync() as Numbers));
  return step.value;
}

/**
 * As {@linkcode beamSearch}, with the same captions; between words it yields to the event loop,
 * so that a page or a server stays responsive.
 *
 * @throws {RangeError} if beam or maxLength is below 1
 */
export async function beamSearchAsync(
  decoder: DecoderSteps,
  weights: WeightTensors,
  features: tf.Tensor,
  markers: Markers,
  settings: SearchSettings,
  { signal, ...listener }: SearchListener = {},
): Promise<DecodedCaption[][]> {
  const search = searchSteps(decoder, weights, features, markers, settings, listener);
  const yieldIfDue = eventLoopYielder();
  try {
    let step = search.next();
    while (!step.done) {
      const read = await Promise.all(step.value.map((tensor) => tensor.data()));
      await yieldIfDue();
      signal?.throwIfAborted();
      step = search.next(read as Numbers[]);
    }
    return step.value;
  } finally {
    search.return([]); // frees the state of a search that was ended
  }
}

/** Yields tensors; its caller reads them, synchronously or not, and passes their numbers back. */
type SearchSteps = Generator<tf.Tensor[], DecodedCaption[][], Numbers[]>;

type Numbers = Float32Array | Int32Array;

function* searchSteps(
  decoder: DecoderSteps,
  weights: WeightTensors,
  features: tf.Tensor,
  markers: Markers,
  settings: SearchSettings,
  { onWord, isUnwanted }: Omit<SearchListener, "signal"> = {},
): SearchSteps {
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
  const allowed = allowedWords(markers, decoder.vocabularySize);
  try {
    for (let length = 0; searches.length > 0; length++) {
      const { top, next } = yield* step(decoder, weights, state, words, allowed, beam);
      tf.dispose(state);
      state = next;
      const read = words.length;
      const rows: number[] = [];
      words = [];
      let row = 0;
      const going: Search[] = [];
      for (const search of searches) {
        const first = row;
        row += search.alive.length;
        const parents = extend(search, first, top, markers, beam, lengthNormalisation);
        if (beam === 1 && parents.length === 1) {
          const [{ word, hypothesis }] = parents;
          onWord?.(search.photo, word, hypothesis.probabilities.at(-1)!);
        }
        if (length + 1 >= maxLength || isUnwanted?.(search.photo)) {
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
      if (searches.length > 0) state = select(state, rows, read);
    }
  } finally {
    tf.dispose(state);
    allowed.dispose();
  }
  return results;
}

function* step(
  decoder: DecoderSteps,
  weights: WeightTensors,
  state: DecoderState,
  words: number[],
  allowed: tf.Tensor1D,
  beam: number,
): Generator<tf.Tensor[], { top: Top; next: DecoderState }, Numbers[]> {
  const { values, indices, next } = tf.tidy(() => {
    const read = decoder.step(weights, state, tf.tensor1d(words, "int32"));
    const logits = tf.add(read.logits, allowed) as tf.Tensor2D;
    // The most probable words are those of the highest logits.
    const width = Math.min(beam, logits.shape[1]);
    const { values, indices } = width === 1 ? argmax(logits) : tf.topk(logits, width);
    return { values: logProbabilities(values, logits), indices, next: read.state };
  });
  const width = values.shape[1]!;
  let read: Numbers[] | undefined;
  try {
    read = yield [values, indices];
  } finally {
    tf.dispose([values, indices]);
    if (read === undefined) tf.dispose(next); // the search was ended
  }
  const top = { values: read[0] as Float32Array, indices: read[1] as Int32Array, width };
  return { top, next };
}

function argmax(logits: tf.Tensor2D): { values: tf.Tensor; indices: tf.Tensor } {
  return { values: tf.max(logits, 1, true), indices: tf.expandDims(tf.argMax(logits, 1), 1) };
}

/** Logits → log probabilities. @param top the highest `logits` of each row, in order */
function logProbabilities(top: tf.Tensor, logits: tf.Tensor2D): tf.Tensor {
  const highest = top.shape[1] === 1 ? top : tf.slice(top, [0, 0], [-1, 1]);
  const sums = tf.sum(tf.exp(tf.sub(logits, highest)), 1, true);
  return tf.sub(top, tf.add(highest, tf.log(sums)));
}

/** The rows of a state that are continued; a row may be repeated. @param count rows of the state */
function select(state: DecoderState, rows: number[], count: number): DecoderState {
  if (rows.length === count && rows.every((row, i) => row === i)) return state;
  const selected = tf.tidy(() => {
    const index = tf.tensor1d(rows, "int32");
    return Object.fromEntries(
      Object.entries(state).map(([name, tensor]) => [name, tf.gather(tensor, index)]),
    );
  });
  tf.dispose(state);
  return selected;
}
