import type * as tf from "@tensorflow/tfjs";
import type { AttentionLstmInputs } from "../../lib/nn/mod.ts";
import { normal } from "../engine/tensorflow/gradients.ts";

const PHOTOS = 3, HEADS = 2;
export const UNITS = 5, REGIONS = 6, WIDTH = 4;

/** Inputs of an attention LSTM, each of another size. @param rows of each step */
export function attentionArrays(rows: readonly number[], hasSentinel: boolean): tf.Tensor[] {
  const more = hasSentinel ? UNITS : 0;
  const memory = [PHOTOS, HEADS, REGIONS, WIDTH / HEADS];
  return [
    normal("words", [rows.reduce((sum, count) => sum + count), 4 * UNITS + more]),
    normal("h", [rows[0], UNITS]),
    normal("c", [rows[0], UNITS]),
    normal("keys", memory),
    normal("values", memory),
    normal("recurrent", [UNITS, 4 * UNITS + 2 * WIDTH + more]),
    normal("bias", [4 * UNITS + 2 * WIDTH + more]),
    normal("context", [WIDTH, 4 * UNITS]),
    ...hasSentinel ? [normal("sentinel", [UNITS, 2 * WIDTH])] : [],
  ];
}

/** The same by their names. */
export function namedInputs(rows: readonly number[], all: tf.Tensor[]): AttentionLstmInputs {
  const [words, h, c, keys, values, recurrent, bias, context, sentinel] = all;
  const arrays = { recurrent, bias, context, sentinel };
  return { words, rows, initial: { h, c }, memory: { keys, values }, arrays } as never;
}
