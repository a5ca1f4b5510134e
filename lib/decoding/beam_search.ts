import * as tf from "@tensorflow/tfjs";
import type { DecoderSteps, Markers } from "../models/mod.ts";
import type { WeightTensors } from "../nn/mod.ts";
import { byConsensus } from "./consensus.ts";
import { eventLoopYielder } from "./event_loop_yielder.ts";
import type { DecodedCaption } from "./hypotheses.ts";
import type { Numbers } from "./next_words.ts";
import type { SearchListener } from "./search_listener.ts";
import { type SearchSettings, type SearchSteps, searchSteps } from "./search_steps.ts";

/**
 * Beam search for many photos at once; width 1 is greedy decoding.
 *
 * Every photo keeps its `beam` most probable captions, and the greedy one. It is done when as many
 * have ended and no other is likely to score higher, or all have `maxLength` words. Where groups or
 * sampling are set, a photo has several searches, narrower ones. With `consensus` what was found is
 * ranked by samples too, which depend on the photo's feature alone.
 *
 * @param features [photos, ...featureShape]
 * @returns for each photo its captions, at most `beam`, at least one: the best first, or in the order
 * in which they were drawn
 * @throws {RangeError} if beam or maxLength is below 1
 */
export function beamSearch(
  decoder: DecoderSteps,
  weights: WeightTensors,
  features: tf.Tensor,
  markers: Markers,
  settings: SearchSettings,
): DecodedCaption[][] {
  const search = decodingSteps(decoder, weights, features, markers, settings);
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
  const search = decodingSteps(decoder, weights, features, markers, settings, listener);
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

/** Captions that are drawn at once for `consensus`: those of as many photos as fit. */
const SAMPLED_ROWS = 2000;

function* decodingSteps(
  decoder: DecoderSteps,
  weights: WeightTensors,
  features: tf.Tensor,
  markers: Markers,
  settings: SearchSettings,
  listener: Omit<SearchListener, "signal"> = {},
): SearchSteps {
  const found = yield* searchSteps(decoder, weights, features, markers, settings, listener);
  const { consensus, beam } = settings;
  if (!consensus?.weight || beam === 1) return found; // one caption has no rank
  const { samples, temperature, weight } = consensus;
  const sampling = { kind: "even" as const, temperature };
  const ranked: DecodedCaption[][] = [];
  const atOnce = Math.max(1, Math.floor(SAMPLED_ROWS / samples));
  while (ranked.length < found.length) {
    const first = ranked.length;
    const part = tf.slice(features, first, Math.min(atOnce, found.length - first));
    try {
      const drawn = yield* searchSteps(
        decoder,
        weights,
        part,
        markers,
        { ...settings, beam: samples, sampling },
        { isUnwanted: (photo) => listener.isUnwanted?.(first + photo) ?? false },
      );
      ranked.push(...drawn.map((drawn, i) => byConsensus(found[first + i], drawn, weight)));
    } finally {
      part.dispose();
    }
  }
  return ranked;
}
