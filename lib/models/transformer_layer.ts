import * as tf from "@tensorflow/tfjs";
import {
  crossAttentionLayer,
  denseLayer,
  dropout,
  type FusedOps,
  type KeysAndValues,
  type Layer,
  layerNormLayer,
  type RowGroups,
  selfAttentionLayer,
  type WeightTensors,
} from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";

/** Sizes of a transformer's layer, and its dropout. */
interface TransformerLayerSettings {
  /** Width of the words' vectors. */
  width: number;
  /** Attention heads, which divide `width`. */
  heads: number;
  /** Width between the two feed-forward layers. */
  feedForward: number;
  /** Dropout on what each part adds. */
  layerDropout: number;
}

/** What the words of whole captions look at. */
export interface Seen {
  /** Which words are one caption, in their order. */
  captions: RowGroups;
  /** Places of photos [photos, places, width]. */
  places: tf.Tensor3D;
  /** Which words look at the same photo. */
  photos: RowGroups;
}

/** One layer of a transformer's decoder half, which reads a photo's places. */
export interface TransformerLayer extends Layer {
  /**
   * Whole captions.
   *
   * @param x [words of all, width]
   * @param seen what they look at
   * @param random where dropout's masks come from; no dropout without it
   * @returns the same shape
   */
  apply(weights: WeightTensors, x: tf.Tensor2D, seen: Seen, random?: Random): tf.Tensor2D;
  /**
   * One word more.
   *
   * @param x [rows, width]
   * @param seen what they look at
   * @param before keys and values of the words before it; undefined for the first
   * @returns what `x` becomes, keys and values with the word's own, and how much it read of each place,
   * photos filled up [photos × rows of the most, heads, places]
   */
  step(
    weights: WeightTensors,
    x: tf.Tensor2D,
    seen: Omit<Seen, "captions">,
    before?: KeysAndValues,
  ): { x: tf.Tensor2D; words: KeysAndValues; shares: tf.Tensor3D };
}

/**
 * Each part reads the norm of the vectors and adds to them (Xiong et al., 2020): attention to the words
 * before, attention to the photo's places, and two dense layers with ReLU between.
 *
 * @param name what all its weights' names begin with
 */
export function transformerLayer(
  name: string,
  { width, heads, feedForward, layerDropout }: TransformerLayerSettings,
  fused?: FusedOps,
): TransformerLayer {
  const selfNorm = layerNormLayer(`${name}/words_norm`, width);
  const self = selfAttentionLayer(`${name}/words`, width, heads, fused);
  const crossNorm = layerNormLayer(`${name}/image_norm`, width);
  const cross = crossAttentionLayer(`${name}/image`, width, heads, fused);
  const forwardNorm = layerNormLayer(`${name}/dense_norm`, width);
  const widen = denseLayer(`${name}/dense_1`, width, feedForward, "relu", fused);
  const narrow = denseLayer(`${name}/dense_2`, feedForward, width, "linear", fused);
  const all = [selfNorm, self, crossNorm, cross, forwardNorm, widen, narrow];
  const forward = (weights: WeightTensors, x: tf.Tensor2D) =>
    narrow.apply(weights, widen.apply(weights, forwardNorm.apply(weights, x)));
  return {
    weights: new Map(all.flatMap(({ weights }) => [...weights])),
    activations: all.reduce((sum, { activations }) => sum + activations, 0) +
      feedForward + 9 * width, // ReLU; dropout's masks, what is left by them, and the sums
    apply(weights, x, { captions, places, photos }, random) {
      const add = (x: tf.Tensor2D, more: tf.Tensor2D): tf.Tensor2D =>
        tf.add(x, dropout(more, layerDropout, random, fused));
      const read = add(x, self.apply(weights, selfNorm.apply(weights, x), captions));
      const looked = cross.apply(weights, crossNorm.apply(weights, read), places, photos);
      const seen = add(read, looked.output);
      return add(seen, forward(weights, seen));
    },
    step(weights, x, { places, photos }, before) {
      const own = self.step(weights, selfNorm.apply(weights, x), before);
      const read = tf.add(x, own.output) as tf.Tensor2D;
      const { output, shares } = cross.apply(
        weights,
        crossNorm.apply(weights, read),
        places,
        photos,
      );
      const seen = tf.add(read, output) as tf.Tensor2D;
      return { x: tf.add(seen, forward(weights, seen)), words: own.read, shares };
    },
  };
}
