import * as tf from "@tensorflow/tfjs";
import type { Random } from "../random/mod.ts";
import type { CaptionBatch, Decoder, DecoderState, Weights, WeightTensors } from "./decoder.ts";
import type { FusedOps } from "./fused_ops.ts";
import { checkVector, imageVector } from "./image_vector.ts";
import { denseRelu, dropout, linearCrossEntropy, lstm, lstmStep } from "./layers.ts";
import type { MergeSettings } from "./settings.ts";
import { initialWeights, weightReader } from "./weights.ts";

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
    const { embedding, units, dense } = this.#settings;
    return words * (2 * embedding + 10 * units + 2 * dense);
  }

  loss(weights: WeightTensors, batch: CaptionBatch, random?: Random): tf.Scalar {
    const w = weightReader(weights);
    const { imageDropout, wordDropout, outputDropout } = this.#settings;
    const image = this.#image(w, batch.features, imageDropout, random); // [captions, units]
    const embedded = tf.gather(w("embedding/embeddings"), batch.inputs); // [time, captions, embedding]
    const h = lstm(
      dropout(embedded, wordDropout, random, this.#fused) as tf.Tensor3D,
      w("lstm/kernel"),
      w("lstm/recurrent_kernel"),
      w("lstm/bias"),
      this.#fused,
    );
    const units = h.shape[2];
    let words = tf.reshape(h, [-1, units]) as tf.Tensor2D; // [time × captions, units]
    if (batch.positions) words = tf.gather(words, batch.positions); // [words, units]
    words = dropout(words, outputDropout, random, this.#fused);
    const merged = tf.add(words, tf.gather(image, batch.owners)) as tf.Tensor2D; // [words, units]
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
    const zeros = tf.zeros([features.shape[0], this.#settings.units]);
    return [image, zeros, zeros.clone()];
  }

  step(weights: WeightTensors, [image, h, c]: DecoderState, words: tf.Tensor1D): {
    logits: tf.Tensor2D;
    state: DecoderState;
  } {
    const w = weightReader(weights);
    const next = lstmStep(
      tf.gather(w("embedding/embeddings"), words) as tf.Tensor2D, // [rows, embedding]
      h as tf.Tensor2D,
      c as tf.Tensor2D,
      w("lstm/kernel"),
      w("lstm/recurrent_kernel"),
      w("lstm/bias"),
    );
    const merged = tf.add(next.h, image) as tf.Tensor2D;
    const hidden = denseRelu(
      merged,
      w("dense/kernel"),
      w("dense/bias"),
    );
    const logits = tf.fused.matMul({
      a: hidden,
      b: w("output/kernel"),
      bias: w("output/bias"),
    }) as tf.Tensor2D; // [rows, vocabulary]
    return { logits, state: [image.clone(), next.h, next.c] };
  }

  #image(
    w: ReturnType<typeof weightReader>,
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
