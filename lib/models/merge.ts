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
import { padEveryPrefix, padPrefixes } from "./padded_words.ts";
import type { MergeSettings } from "./settings.ts";

type Reader = ReturnType<typeof weightReader>;

/** What the data decide about a decoder. */
export interface DecoderInputs {
  /** Words including padding, markers and the unknown word. */
  vocabularySize: number;
  /** Shape of one photo's feature. */
  featureShape: number[];
}

/**
 * The merge decoder (Tanti et al., 2018): the LSTM reads words alone; its
 * output and the photo meet in a dense layer before the softmax.
 *
 * image → dropout → dense, ReLU ─┐
 *                                add → dense, ReLU → dense → softmax
 * words → embedding → dropout → LSTM → dropout ─┘
 */
export class MergeDecoder implements Decoder {
  readonly kind = "merge";
  readonly decodingCost?: string;
  readonly weightShapes: ReadonlyMap<string, number[]>;
  #settings: MergeSettings;
  #fused?: FusedOps;

  /** @throws {RangeError} if the feature is not one vector */
  constructor(settings: MergeSettings, inputs: DecoderInputs, fused?: FusedOps) {
    const { embedding, units, dense } = settings;
    const { vocabularySize, featureShape } = inputs;
    checkVector("merge", featureShape);
    this.#settings = settings;
    this.#fused = fused;
    if (settings.padding !== null) {
      this.decodingCost = `This merge decoder reads its padding too, so that the ` +
        `${settings.padding.places} places of a prefix are read again for every word`;
    }
    this.weightShapes = new Map([
      ["image/kernel", [featureShape[0], units]],
      ["image/bias", [units]],
      ["embedding/embeddings", [vocabularySize, embedding]],
      ["lstm/kernel", [embedding, 4 * units]],
      ["lstm/recurrent_kernel", [units, 4 * units]],
      ["lstm/bias", [4 * units]],
      ["dense/kernel", [units, dense]],
      ["dense/bias", [dense]],
      ["output/kernel", [dense, vocabularySize]],
      ["output/bias", [vocabularySize]],
    ]);
  }

  initialWeights(seed: number): Weights {
    return initialWeights(this.weightShapes, seed);
  }

  activations(words: number): number {
    const { embedding, units, dense, padding } = this.#settings;
    const steps = padding === null ? words : words * padding.places;
    return steps * (2 * embedding + 10 * units) + words * 2 * dense;
  }

  loss(weights: WeightTensors, batch: CaptionBatch, random?: Random): tf.Scalar {
    const w = weightReader(weights);
    const { imageDropout, wordDropout, outputDropout } = this.#settings;
    const image = this.#image(w, tf.gather(batch.features, batch.photoOf), imageDropout, random); // [captions, units]
    let words = this.#settings.padding === null
      ? this.#read(w, batch.inputs, wordDropout, random).reshape([-1, this.#settings.units])
      : this.#readPadded(w, padEveryPrefix(batch.inputs, this.#settings.padding), random);
    if (batch.positions) words = tf.gather(words, batch.positions); // of all places [words, units]
    words = dropout(words, outputDropout, random, this.#fused);
    const merged = tf.add(words, tf.gather(image, batch.captionOf)) as tf.Tensor2D; // [words, units]
    return linearCrossEntropy(
      denseRelu(merged, w("dense/kernel"), w("dense/bias")),
      w("output/kernel"),
      w("output/bias"),
      batch.labels,
      this.#fused,
    );
  }

  penalty(weights: WeightTensors): tf.Scalar | undefined {
    const { l2 } = this.#settings;
    if (l2 === 0) return undefined;
    const squares = ["image/kernel", "dense/kernel"]
      .map((name) => tf.sum(tf.square(weights.get(name)!)));
    return tf.mul(tf.addN(squares), l2) as tf.Scalar;
  }

  start(weights: WeightTensors, features: tf.Tensor): DecoderState {
    const image = this.#image(weightReader(weights), features, 0);
    if (this.#settings.padding !== null) return [image];
    const zeros = tf.zeros([features.shape[0], this.#settings.units]);
    return [image, zeros, zeros.clone()];
  }

  step(weights: WeightTensors, [image, ...before]: DecoderState, words: tf.Tensor1D): {
    logits: tf.Tensor2D;
    state: DecoderState;
  } {
    const w = weightReader(weights);
    const { h, state } = this.#settings.padding === null
      ? this.#next(w, before as [tf.Tensor2D, tf.Tensor2D], words)
      : this.#nextPadded(w, before as tf.Tensor2D[], words);
    const hidden = denseRelu(
      tf.add(h, image) as tf.Tensor2D,
      w("dense/kernel"),
      w("dense/bias"),
    );
    const logits = tf.fused.matMul({
      a: hidden,
      b: w("output/kernel"),
      bias: w("output/bias"),
    }) as tf.Tensor2D; // [rows, vocabulary]
    return { logits, state: [image.clone(), ...state] };
  }

  /** Reads one word more. */
  #next(w: Reader, [h, c]: [tf.Tensor2D, tf.Tensor2D], words: tf.Tensor1D) {
    const next = lstmStep(
      tf.gather(w("embedding/embeddings"), words) as tf.Tensor2D, // [rows, embedding]
      h,
      c,
      w("lstm/kernel"),
      w("lstm/recurrent_kernel"),
      w("lstm/bias"),
    );
    return { h: next.h, state: [next.h, next.c] };
  }

  /** Reads the words so far and their padding again. @param before none, or those read [rows, words] */
  #nextPadded(w: Reader, [before]: tf.Tensor2D[], words: tf.Tensor1D) {
    const now = tf.expandDims(words, 1) as tf.Tensor2D;
    const read = before === undefined ? now : tf.concat([before, now], 1);
    return { h: this.#readPadded(w, padPrefixes(read, this.#settings.padding!)), state: [read] };
  }

  /** What the LSTM makes of words. @param words [time, rows] @returns [time, rows, units] */
  #read(w: Reader, words: tf.Tensor2D, rate: number, random?: Random): tf.Tensor3D {
    const embedded = tf.gather(w("embedding/embeddings"), words); // [time, rows, embedding]
    return lstm(
      dropout(embedded, rate, random, this.#fused) as tf.Tensor3D,
      w("lstm/kernel"),
      w("lstm/recurrent_kernel"),
      w("lstm/bias"),
      this.#fused,
    );
  }

  /** What it comes to at the last place. @param words [places, rows] @returns [rows, units] */
  #readPadded(w: Reader, words: tf.Tensor2D, random?: Random): tf.Tensor2D {
    const [places, rows] = words.shape;
    const h = this.#read(w, words, this.#settings.wordDropout, random);
    return tf.reshape(tf.slice(h, [places - 1, 0, 0], [1, rows, -1]), [rows, -1]);
  }

  #image(
    w: Reader,
    features: tf.Tensor,
    rate: number,
    random?: Random,
  ): tf.Tensor2D {
    return imageVector(features as tf.Tensor2D, w("image/kernel"), w("image/bias"), {
      scale: this.#settings.imageScale,
      rate,
      random,
      fused: this.#fused,
    });
  }
}
