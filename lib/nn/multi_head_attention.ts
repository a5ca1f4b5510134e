import * as tf from "@tensorflow/tfjs";
import { denseLayer } from "./dense.ts";
import type { FusedOps } from "./fused_ops.ts";
import { attend, causalMask, joinHeads, type KeysAndValues, splitHeads } from "./heads.ts";
import { glorotUniform } from "./initializers.ts";
import type { Layer, LayerWeight } from "./layer.ts";
import { evenGroups, type RowGroups } from "./row_groups.ts";
import { readWeight, type WeightTensors } from "./weights.ts";

/** Multi-head attention (Vaswani et al., 2017) of words to the words before them and to themselves. */
export interface SelfAttentionLayer extends Layer {
  /**
   * Whole sequences.
   *
   * @param x [words of all, width]
   * @param sequences which words are one, in their order
   * @returns the same shape
   */
  apply(weights: WeightTensors, x: tf.Tensor2D, sequences: RowGroups): tf.Tensor2D;
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
   * @param x [words of all, width]
   * @param places those of each group of words [groups, places, width]
   * @param groups which words look at the same. @default {as many words each, in the groups' order}
   * @returns what `x` becomes [words of all, width], and how much of each place each head read, groups
   * filled up [groups × size, heads, places]
   */
  apply(
    weights: WeightTensors,
    x: tf.Tensor2D,
    places: tf.Tensor3D,
    groups?: RowGroups,
  ): { output: tf.Tensor2D; shares: tf.Tensor3D };
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
    apply(weights, x, sequences) {
      const parts = { batch: sequences.groups, heads, parts: 3 };
      const padded = sequences.pad(projection.apply(weights, x));
      const [queries, keys, values] = splitHeads(padded, parts);
      // What fills a sequence up stands behind its words, and is hidden from them.
      const { context } = attend(queries, { keys, values }, causalMask(sequences.size));
      return output.apply(weights, sequences.unpad(joinHeads(context)));
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
    apply(weights, x, places, groups = evenGroups(x.shape[0], places.shape[0])) {
      const rows = x.shape[0];
      const [batch, count] = places.shape;
      const [query, key, value] = names.map((name) => readWeight<tf.Tensor2D>(weights, name));
      const ofHeads = (kernel: tf.Tensor2D) => tf.reshape(kernel, [width, heads, size]);
      const queries = tf.transpose(
        tf.reshape((fused?.matMul ?? tf.matMul)(x, query), [rows, heads, size]),
        [1, 0, 2],
      ); // [heads, rows, size]
      const keys = tf.mul(tf.transpose(ofHeads(key), [1, 2, 0]), 1 / Math.sqrt(size));
      const wide = tf.transpose(tf.matMul(queries, keys), [1, 0, 2]); // [rows, heads, width]
      const padded = groups.pad(tf.reshape(wide, [rows, heads * width]));
      const asked = tf.reshape(padded, [batch, groups.size * heads, width]);
      const shares = tf.softmax(tf.matMul(asked, places, false, true));
      const seen = tf.reshape(tf.matMul(shares, places), [batch * groups.size, heads * width]);
      const read = tf.reshape(groups.unpad(seen as tf.Tensor2D), [rows, heads, width]);
      const values = tf.matMul(
        tf.transpose(read, [1, 0, 2]),
        tf.transpose(ofHeads(value), [1, 0, 2]),
      ); // [heads, rows, size]
      const joined = tf.reshape(tf.transpose(values, [1, 0, 2]), [rows, width]) as tf.Tensor2D;
      return {
        output: output.apply(weights, joined),
        shares: tf.reshape(shares, [batch * groups.size, heads, count]),
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
