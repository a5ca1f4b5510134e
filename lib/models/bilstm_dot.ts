import * as tf from "@tensorflow/tfjs";
import type { Random } from "../random/mod.ts";
import type { CaptionBatch, Decoder, DecoderState } from "./decoder.ts";
import {
  denseRelu,
  dropout,
  type FusedOps,
  initialWeights,
  linearCrossEntropy,
  lstm,
  lstmStep,
  weightReader,
  type Weights,
  type WeightTensors,
} from "../nn/mod.ts";
import { checkVector, imageVector } from "./image_vector.ts";
import type { DecoderInputs } from "./merge.ts";
import { groupPrefixes } from "./prefixes.ts";
import type { BilstmDotSettings } from "./settings.ts";
import { attend, sumStates } from "./word_attention.ts";

type Reader = ReturnType<typeof weightReader>;

/**
 * The decoder of the public Flickr8k notebook that has a bidirectional LSTM on both sides and dot
 * attention between them (`flickr8k_bilstm`).
 *
 * image → dropout → dense, ReLU ─┬─ repeated → bidirectional LSTM ─┐
 *                                │            dot → softmax → weighted sum of word states ─┐
 * words → embedding → dropout ───┼─ bidirectional LSTM ────────────┘                       │
 *                                └────────────────────────────────── joined → dense, ReLU → dense
 *
 * Its words see later words, so that every prefix of a caption is read on its own: a caption of n
 * words costs n² / 2 steps of the backward LSTM where `merge` has n steps, in training as well as
 * in decoding, which reads the whole prefix again for every word (all rows of a beam at once). The
 * forward LSTM depends on earlier words alone and runs once.
 */
export class BilstmDotDecoder implements Decoder {
  readonly kind = "bilstm_dot";
  readonly decodingCost =
    "The bilstm_dot decoder reads a caption's beginning again for every word (its words see later " +
    "words): n words take n²/2 steps of an LSTM, all rows at once, where merge takes n";
  readonly weightShapes: ReadonlyMap<string, number[]>;
  #settings: BilstmDotSettings;
  #fused?: FusedOps;

  /** @throws {RangeError} if the feature is not one vector */
  constructor(settings: BilstmDotSettings, inputs: DecoderInputs, fused?: FusedOps) {
    const { embedding, units, dense } = settings;
    const { vocabularySize, featureShape } = inputs;
    checkVector("bilstm_dot", featureShape);
    this.#settings = settings;
    this.#fused = fused;
    const cell = (name: string, width: number): [string, number[]][] => [
      [`${name}/kernel`, [width, 4 * units]],
      [`${name}/recurrent_kernel`, [units, 4 * units]],
      [`${name}/bias`, [4 * units]],
    ];
    this.weightShapes = new Map([
      ["image/kernel", [featureShape[0], units]],
      ["image/bias", [units]],
      ...cell("image_forward", units),
      ...cell("image_backward", units),
      ["embedding/embeddings", [vocabularySize, embedding]],
      ...cell("words_forward", embedding),
      ...cell("words_backward", embedding),
      ["dense/kernel", [3 * units, dense]], // the word states' 2 × units, then the image's
      ["dense/bias", [dense]],
      ["output/kernel", [dense, vocabularySize]],
      ["output/bias", [vocabularySize]],
    ]);
  }

  initialWeights(seed: number): Weights {
    return initialWeights(this.weightShapes, seed);
  }

  activations(words: number): number {
    const { embedding, units, imageSteps, attention } = this.#settings;
    const steps = words * (words + 1) / 2; // of the backward LSTM, over all prefixes
    const weighted = attention === "weighted";
    const perStep = embedding + units * (weighted ? 14 : 9) + (weighted ? 3 * imageSteps : 0);
    const perPrefix = weighted ? 2 * imageSteps * units : 4 * units;
    return steps * perStep + words * (perPrefix + embedding + 8 * units) +
      (weighted ? 18 * imageSteps * units : 0);
  }

  loss(weights: WeightTensors, batch: CaptionBatch, random?: Random): tf.Scalar {
    const w = weightReader(weights);
    const { units, wordDropout, attention } = this.#settings;
    const { captions, time } = batch;
    const image = this.#image(w, tf.gather(batch.features, batch.photoOf), random); // [captions, units]
    const embedded = dropout(
      tf.gather(w("embedding/embeddings"), batch.inputs),
      wordDropout,
      random,
      this.#fused,
    ) as tf.Tensor3D; // [time, captions, embedding]
    const flat = tf.reshape(embedded, [time * captions, -1]) as tf.Tensor2D;
    const forward = this.#lstm(w, "words_forward", embedded); // [time, captions, units]
    const flatForward = tf.reshape(forward, [time * captions, units]) as tf.Tensor2D;
    const queries = attention === "weighted" ? this.#queries(w, image) : undefined;
    const contexts = groupPrefixes(time, captions).map(({ lengths, places }) => {
      const words = tf.gather(flat as tf.Tensor, places) as tf.Tensor3D; // [steps, prefixes, embedding]
      const backward = this.#lstm(w, "words_backward", words); // [steps, prefixes, units]
      const states = tf.concat([tf.gather(flatForward as tf.Tensor, places), backward], 2);
      return this.#context(states as tf.Tensor3D, lengths, queries); // [prefixes, 2 units]
    });
    let context = tf.concat(contexts, 0); // [time × captions, 2 units]
    if (batch.positions) context = tf.gather(context, batch.positions); // [words, 2 units]
    const loss = linearCrossEntropy(
      this.#hidden(w, context, tf.gather(image, batch.captionOf) as tf.Tensor2D),
      w("output/kernel"),
      w("output/bias"),
      batch.labels,
      this.#fused,
    );
    return attention === "weighted" ? loss : this.#untouched(w, loss);
  }

  penalty(): undefined {
    return undefined;
  }

  start(weights: WeightTensors, features: tf.Tensor): DecoderState {
    const w = weightReader(weights);
    const image = this.#image(w, features);
    const zeros = tf.zeros([features.shape[0], this.#settings.units]);
    const state = [image, zeros, zeros.clone()];
    return this.#settings.attention === "weighted" ? [...state, this.#queries(w, image)] : state;
  }

  step(weights: WeightTensors, state: DecoderState, words: tf.Tensor1D): {
    logits: tf.Tensor2D;
    state: DecoderState;
  } {
    const w = weightReader(weights);
    const weighted = this.#settings.attention === "weighted";
    const [image, h, c] = state as tf.Tensor2D[];
    const queries = weighted ? state[3] as tf.Tensor3D : undefined; // [rows, image steps, 2 units]
    const rest = state.slice(weighted ? 4 : 3); // none before the first word
    const embeddings = w<tf.Tensor2D>("embedding/embeddings");
    const next = lstmStep(
      tf.gather(embeddings, words) as tf.Tensor2D,
      h,
      c,
      w("words_forward/kernel"),
      w("words_forward/recurrent_kernel"),
      w("words_forward/bias"),
    );
    // What was read so far, the last word first: indices [rows, words], states [rows, words, units].
    const [read, forward] = [tf.expandDims(words, 1), tf.expandDims(next.h, 1)]
      .map((now, i) => rest.length === 0 ? now : tf.concat([now, rest[i]], 1));
    const prefix = tf.gather(embeddings as tf.Tensor, tf.transpose(read)) as tf.Tensor3D; // [words, rows, embedding]
    const backward = this.#lstm(w, "words_backward", prefix);
    const states = tf.concat([tf.transpose(forward, [1, 0, 2]), backward], 2) as tf.Tensor3D;
    const context = this.#context(states, [states.shape[0]], queries);
    const logits = tf.fused.matMul({
      a: this.#hidden(w, context, image),
      b: w<tf.Tensor2D>("output/kernel"),
      bias: w("output/bias"),
    }) as tf.Tensor2D; // [rows, vocabulary]
    const kept = queries === undefined ? [] : [queries.clone()];
    return { logits, state: [image.clone(), next.h, next.c, ...kept, read, forward] };
  }

  #image(w: Reader, features: tf.Tensor, random?: Random): tf.Tensor2D {
    const { imageScale: scale, imageDropout: rate } = this.#settings;
    return imageVector(features as tf.Tensor2D, w("image/kernel"), w("image/bias"), {
      scale,
      rate,
      random,
      fused: this.#fused,
    });
  }

  /** The image's side of the dot product. @returns [photos, image steps, 2 units] */
  #queries(w: Reader, image: tf.Tensor2D): tf.Tensor3D {
    const { imageSteps } = this.#settings;
    const repeated = tf.tile(tf.expandDims(image, 0), [imageSteps, 1, 1]) as tf.Tensor3D;
    const forward = this.#lstm(w, "image_forward", repeated);
    // What is read is the same at every step, so that read backwards is read again.
    const backward = tf.reverse(this.#lstm(w, "image_backward", repeated), 0);
    return tf.transpose(tf.concat([forward, backward], 2), [1, 0, 2]) as tf.Tensor3D;
  }

  #lstm(w: Reader, name: string, inputs: tf.Tensor3D): tf.Tensor3D {
    return lstm(
      inputs,
      w(`${name}/kernel`),
      w(`${name}/recurrent_kernel`),
      w(`${name}/bias`),
      this.#fused,
    );
  }

  /** @param states [steps, prefixes × captions, 2 units] @returns [prefixes × captions, 2 units] */
  #context(states: tf.Tensor3D, lengths: number[], queries?: tf.Tensor3D): tf.Tensor2D {
    const { imageSteps, softmaxOver, pooling } = this.#settings;
    const context = queries === undefined
      ? sumStates(states, lengths)
      : attend(queries, states, lengths, softmaxOver);
    return pooling === "sum" ? context : tf.div(context, imageSteps);
  }

  #hidden(w: Reader, context: tf.Tensor2D, image: tf.Tensor2D): tf.Tensor2D {
    const joined = tf.concat([context, image], 1) as tf.Tensor2D;
    return denseRelu(joined, w("dense/kernel"), w("dense/bias"));
  }

  /** The image's LSTMs have no part in a plain sum, yet `tf.grads` wants them in it: zero times. */
  #untouched(w: Reader, loss: tf.Scalar): tf.Scalar {
    const names = [...this.weightShapes.keys()].filter((name) =>
      /^image_(for|back)ward/.test(name)
    );
    const sums = names.map((name) => tf.sum(w(name)));
    return tf.add(loss, tf.mul(tf.addN(sums), 0)) as tf.Scalar;
  }
}
