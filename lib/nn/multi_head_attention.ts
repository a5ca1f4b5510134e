import * as tf from "@tensorflow/tfjs";
import { denseLayer } from "./dense.ts";
import type { FusedOps } from "./fused_ops.ts";
import { attend, causalMask, joinHeads, type KeysAndValues, splitHeads } from "./heads.ts";
import { glorotUniform } from "./initializers.ts";
import type { Layer, LayerWeight } from "./layer.ts";
import { readWeight, type WeightTensors } from "./weights.ts";

/** Multi-head attention (Vaswani et al., 2017) of words to the words before them and to themselves. */
export interface SelfAttentionLayer extends Layer {
  /**
   * Whole sequences.
   *
   * @param x [batch × words, width]
   * @returns the same shape
   */
  apply(weights: WeightTensors, x: tf.Tensor2D, batch: number): tf.Tensor2D;
  /**
   * One word more.
   *
   * @param x [rows, width]
   * @param before keys and values of the words before it; undefined for the first
   */
  step(
    weights: WeightTensors,
    x: tf.Tensor2D,
    before?: KeysAndValues,
  ): { output: tf.Tensor2D; read: KeysAndValues };
}

/** Multi-head attention of words to places of another kind, such as those of a photo. */
export interface CrossAttentionLayer extends Layer {
  /**
   * What words read of the places.
   *
   * @param x [batch × words, width]
   * @param places those of each sequence [batch, places, width]
   * @returns what `x` becomes [batch × words, width], and how much of each place each head read
   * [batch, heads, words, places]
   */
  apply(
    weights: WeightTensors,
    x: tf.Tensor2D,
    places: tf.Tensor3D,
  ): { output: tf.Tensor2D; shares: tf.Tensor4D };
}

/**
 * Causal self-attention that learns `NAME/query/kernel`, `key`, `value` (glorot_uniform, without
 * bias) and `NAME/output/kernel` and `bias`.
 *
 * @param heads divides `width`
 */
export function selfAttentionLayer(
  name: string,
  width: number,
  heads: number,
  fused?: FusedOps,
): SelfAttentionLayer {
  const projection = projections(name, ["query", "key", "value"], width, fused);
  const output = denseLayer(`${name}/output`, width, width, "linear", fused);
  return {
    weights: new Map([...projection.weights, ...output.weights]),
    activations: 8 * width,
    apply(weights, x, batch) {
      const parts = { batch, heads, parts: 3 };
      const [queries, keys, values] = splitHeads(projection.apply(weights, x), parts);
      const { context } = attend(queries, { keys, values }, causalMask(queries.shape[2]));
      return output.apply(weights, joinHeads(context));
    },
    step(weights, x, before) {
      const parts = { batch: x.shape[0], heads, parts: 3 };
      const [queries, key, value] = splitHeads(projection.apply(weights, x), parts);
      const read = {
        keys: before ? tf.concat([before.keys, key], 2) : key,
        values: before ? tf.concat([before.values, value], 2) : value,
      };
      const { context } = attend(queries, read);
      return { output: output.apply(weights, joinHeads(context)), read };
    },
  };
}

/**
 * Attention to places; learns the same arrays as {@linkcode selfAttentionLayer}.
 *
 * No key or value of a place is computed: as q · (p K) = (q Kᵀ) · p, each head brings its queries to
 * the places' width instead, and reads values of the mean place. Captions have fewer words than a photo
 * has places, so that this is less work, and a search keeps the places alone, for all layers.
 *
 * @param heads divides `width`
 */
export function crossAttentionLayer(
  name: string,
  width: number,
  heads: number,
  fused?: FusedOps,
): CrossAttentionLayer {
  const names = ["query", "key", "value"].map((part) => `${name}/${part}/kernel`);
  const projection = projections(name, ["query", "key", "value"], width);
  const output = denseLayer(`${name}/output`, width, width, "linear", fused);
  const size = width / heads;
  return {
    weights: new Map([...projection.weights, ...output.weights]),
    activations: (4 + 4 * heads) * width,
    apply(weights, x, places) {
      const rows = x.shape[0];
      const [batch, count] = places.shape;
      const words = rows / batch;
      const [query, key, value] = names.map((name) => readWeight<tf.Tensor2D>(weights, name));
      const ofHeads = (kernel: tf.Tensor2D) => tf.reshape(kernel, [width, heads, size]);
      const queries = tf.transpose(
        tf.reshape((fused?.matMul ?? tf.matMul)(x, query), [rows, heads, size]),
        [1, 0, 2],
      ); // [heads, rows, size]
      const keys = tf.mul(tf.transpose(ofHeads(key), [1, 2, 0]), 1 / Math.sqrt(size));
      const wide = tf.reshape(tf.matMul(queries, keys), [heads, batch, words * width]);
      const asked = tf.reshape(tf.transpose(wide, [1, 0, 2]), [batch, heads * words, width]);
      const shares = tf.softmax(tf.matMul(asked, places, false, true)) as tf.Tensor3D;
      const read = tf.reshape(tf.matMul(shares, places), [batch, heads, words * width]);
      const byHead = tf.reshape(tf.transpose(read, [1, 0, 2]), [heads, rows, width]);
      const values = tf.matMul(byHead, tf.transpose(ofHeads(value), [1, 0, 2]));
      const joined = tf.reshape(tf.transpose(values, [1, 0, 2]), [rows, width]) as tf.Tensor2D;
      return {
        output: output.apply(weights, joined),
        shares: tf.reshape(shares, [batch, heads, words, count]),
      };
    },
  };
}

/** Dense layers of one input, each [width, width] and without bias, in one product. */
function projections(name: string, parts: string[], width: number, fused?: FusedOps) {
  const names = parts.map((part) => `${name}/${part}/kernel`);
  const shape = [width, width];
  const initial: LayerWeight["initial"] = (random) => glorotUniform(shape, random);
  return {
    weights: new Map<string, LayerWeight>(names.map((name) => [name, { shape, initial }])),
    /** @returns the parts side by side [rows, parts × width] */
    apply(weights: WeightTensors, x: tf.Tensor2D): tf.Tensor2D {
      const kernels = names.map((name) => readWeight<tf.Tensor2D>(weights, name));
      return (fused?.matMul ?? tf.matMul)(x, tf.concat(kernels, 1) as tf.Tensor2D);
    },
  };
}
