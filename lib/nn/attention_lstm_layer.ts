import * as tf from "@tensorflow/tfjs";
import type { Random } from "../random/mod.ts";
import { type AttentionLstmStep, attentionLstmStep } from "./attention_lstm.ts";
import type { AttentionLstmArrays, AttentionMemory } from "./attention_lstm_inputs.ts";
import { attentionLstm } from "./attention_lstm_sequence.ts";
import { groupedRows } from "./attention_rows.ts";
import type { FusedOps } from "./fused_ops.ts";
import { glorotUniform, lstmBias, orthogonal } from "./initializers.ts";
import type { Layer, LayerWeight } from "./layer.ts";
import type { LstmState } from "./lstm_state.ts";
import type { RowGroups } from "./row_groups.ts";
import { readWeight, type WeightTensors } from "./weights.ts";

/** Sizes of an attention LSTM. */
export interface AttentionLstmSizes {
  /** Width of what it reads at each step. */
  inputs: number;
  /** Width of its outputs. */
  units: number;
  /** Width of a region, of its key and of its value: that of all heads together. */
  width: number;
  /** Heads, of which each compares a part of query and keys. */
  heads: number;
  /** Whether it can look at what it remembers in place of the regions. */
  hasSentinel: boolean;
}

/** An LSTM that at each step looks at regions of a photo; see {@linkcode attentionLstmStep}. */
export interface AttentionLstmLayer extends Layer {
  /** Keys and values of regions, once for all steps. @param regions [photos, regions, width] */
  project(weights: WeightTensors, regions: tf.Tensor3D): AttentionMemory;
  /**
   * A whole sequence; see {@linkcode attentionLstm}.
   *
   * @param x [rows of all steps, inputs]
   * @param rows of each step
   */
  apply(
    weights: WeightTensors,
    x: tf.Tensor2D,
    rows: readonly number[],
    initial: LstmState,
    memory: AttentionMemory,
  ): tf.Tensor2D;
  /**
   * One step more.
   *
   * @param x [rows, inputs]
   * @param photos which rows look at which photo
   */
  step(
    weights: WeightTensors,
    x: tf.Tensor2D,
    before: LstmState,
    memory: AttentionMemory,
    photos: RowGroups,
  ): AttentionLstmStep;
}

/**
 * An attention LSTM that learns `NAME/kernel`, from inputs to the gates i, f, c, o (and the sentinel's
 * gate); `NAME/recurrent_kernel` and `NAME/bias`, to these, the query and the context's gate;
 * `NAME/context_kernel`; `NAME/key_kernel` and `NAME/value_kernel`; and, with a sentinel,
 * `NAME/sentinel_kernel`, to its key and its value. The part from outputs to the LSTM's gates starts
 * orthogonal, the rest glorot_uniform.
 *
 * @throws {RangeError} if the heads do not divide the width
 */
export function attentionLstmLayer(
  name: string,
  { inputs, units, width, heads, hasSentinel }: AttentionLstmSizes,
  fused?: FusedOps,
): AttentionLstmLayer {
  if (width % heads !== 0) {
    throw new RangeError(`${heads} heads cannot share a width of ${width}: it must be a multiple`);
  }
  const own = hasSentinel ? [units] : [];
  const all: Record<string, LayerWeight> = {
    kernel: glorot(inputs, [4 * units, ...own]),
    recurrent_kernel: glorot(units, [4 * units, width, width, ...own], orthogonal),
    bias: bias(units, 2 * width + (hasSentinel ? units : 0)),
    context_kernel: glorot(width, [4 * units]),
    key_kernel: glorot(width, [width]),
    value_kernel: glorot(width, [width]),
    ...hasSentinel ? { sentinel_kernel: glorot(units, [width, width]) } : {},
  };
  const read = <T extends tf.Tensor>(weights: WeightTensors, part: string) =>
    readWeight<T>(weights, `${name}/${part}`);
  const arrays = (weights: WeightTensors): AttentionLstmArrays => ({
    recurrent: read(weights, "recurrent_kernel"),
    bias: read(weights, "bias"),
    context: read(weights, "context_kernel"),
    sentinel: hasSentinel ? read(weights, "sentinel_kernel") : undefined,
  });
  const product = fused?.matMul ?? tf.matMul;
  const projectWords = (weights: WeightTensors, x: tf.Tensor2D) =>
    product(x, read<tf.Tensor2D>(weights, "kernel")) as tf.Tensor2D;
  return {
    weights: new Map(Object.entries(all).map(([part, weight]) => [`${name}/${part}`, weight])),
    activations: 16 * units + 6 * width,
    project(weights, regions) {
      const [rows, count] = regions.shape;
      const flat = tf.reshape(regions, [rows * count, width]) as tf.Tensor2D;
      const [keys, values] = ["key_kernel", "value_kernel"].map((part) => {
        const projected = product(flat, read<tf.Tensor2D>(weights, part));
        const parts = tf.reshape(projected, [rows, count, heads, width / heads]);
        return tf.transpose(parts, [0, 2, 1, 3]) as tf.Tensor4D;
      });
      return { keys: tf.mul(keys, 1 / Math.sqrt(width / heads)), values };
    },
    apply(weights, x, rows, initial, memory) {
      const words = projectWords(weights, x);
      return attentionLstm({ words, rows, initial, memory, arrays: arrays(weights) }, fused);
    },
    step: (weights, x, before, memory, photos) =>
      attentionLstmStep(
        projectWords(weights, x),
        before,
        memory,
        arrays(weights),
        fused,
        groupedRows(photos),
      ),
  };
}

/** Matrices of the same inputs side by side, each drawn on its own. */
function glorot(
  inputs: number,
  widths: number[],
  first: (shape: number[], random: Random) => Float32Array = glorotUniform,
): LayerWeight {
  const sum = widths.reduce((sum, width) => sum + width, 0);
  return {
    shape: [inputs, sum],
    initial(random) {
      const data = new Float32Array(inputs * sum);
      let from = 0;
      for (const [i, width] of widths.entries()) {
        const part = (i === 0 ? first : glorotUniform)([inputs, width], random);
        for (let row = 0; row < inputs; row++) {
          data.set(part.subarray(row * width, (row + 1) * width), row * sum + from);
        }
        from += width;
      }
      return data;
    },
  };
}

/** An LSTM's, and zeros behind it. */
function bias(units: number, more: number): LayerWeight {
  return {
    shape: [4 * units + more],
    initial() {
      const data = new Float32Array(4 * units + more);
      data.set(lstmBias(units));
      return data;
    },
  };
}
