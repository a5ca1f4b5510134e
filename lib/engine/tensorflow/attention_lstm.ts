import * as tf from "@tensorflow/tfjs";
import type { Arithmetic, AttentionLstmInputs } from "../../nn/mod.ts";
import { attentionBackward } from "./attention_lstm_backward.ts";
import { attentionForward } from "./attention_lstm_forward.ts";
import { type AttentionSizes, type Kept, keptNames } from "./attention_values.ts";
import type { TensorFlowBackend } from "./backend.ts";
import type { FunctionBody, Value } from "./function_body.ts";
import { callFunction, type GraphFunction } from "./graph_function.ts";
import { functionSteps, ROW_TENSORS, rowTensors, stepRows } from "./lstm_rows.ts";

/**
 * An attention LSTM over a whole sequence, see `lib/nn/attention_lstm_sequence.ts`: two functions of
 * TensorFlow, forwards and backwards. In float32 they give the bits of the same steps by TF.js.
 */
export function attentionLstm(
  backend: TensorFlowBackend,
  arithmetic: Arithmetic,
  { words, rows: counts, initial, memory, arrays }: AttentionLstmInputs,
): tf.Tensor2D {
  const [photos, heads, regions, part] = memory.keys.shape;
  const units = initial.h.shape[1];
  const sizes = { photos, heads, regions, part, units, sentinel: arrays.sentinel !== undefined };
  const steps = functionSteps(counts.length);
  const { forwards, backwards } = functionsOf(steps, sizes, arithmetic);
  const run = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    const given = [...rowTensors(counts, "last"), ...args.slice(0, -1) as tf.Tensor[]];
    const [value, ...kept] = callFunction(backend, forwards, given);
    save([...given, ...kept]);
    return { value, gradFunc: (dy, saved) => callFunction(backend, backwards, [dy, ...saved]) };
  });
  const { recurrent, bias, context, sentinel } = arrays;
  return run(
    ...[words, initial.h, initial.c, memory.keys, memory.values, recurrent, bias, context],
    ...sentinel ? [sentinel] : [],
  ) as tf.Tensor2D;
}

function functionsOf(
  steps: number,
  sizes: AttentionSizes,
  arithmetic: Arithmetic,
): { forwards: GraphFunction; backwards: GraphFunction } {
  const { photos, heads, regions, part, units, sentinel } = sizes;
  const name = `${steps}_steps_${photos}_photos_${heads}_heads_${regions}_regions_of_${part}_` +
    `${units}_units${sentinel ? "_sentinel" : ""}`;
  const names = keptNames(sentinel);
  return {
    forwards: {
      name: `attention_lstm_forward_${name}`,
      arithmetic,
      outputs: 1 + names.length * steps,
      build(body, inputs) {
        const { rows, words, initial, memory, weights } = named(body, inputs, steps, sentinel);
        const cut = rows.cut(words);
        const all = attentionForward(body, cut, initial, memory, weights, sizes, rows);
        return [all.outputs, ...all.kept.flatMap((step) => names.map((name) => step[name]!))];
      },
    },
    backwards: {
      name: `attention_lstm_backward_${name}`,
      arithmetic,
      outputs: sentinel ? 9 : 8,
      build(body, [dy, ...inputs]) {
        const { rows, initial, memory, weights, more } = named(body, inputs, steps, sentinel);
        const kept = Array.from({ length: steps }, (_, step) =>
          Object.fromEntries(
            names.map((name, n) => [name, more[step * names.length + n]]),
          ) as Kept);
        return attentionBackward(body, dy, kept, initial, memory, weights, sizes, rows);
      },
    },
  };
}

/** The inputs of both functions by their names; only the backward one has more of them. */
function named(body: FunctionBody, inputs: Value[], steps: number, hasSentinel: boolean) {
  const rows = stepRows(body, inputs.slice(0, ROW_TENSORS), steps, "last");
  const [words, h, c, keys, values, recurrent, bias, context, ...others] = inputs
    .slice(ROW_TENSORS);
  const [sentinel, more] = hasSentinel ? [others[0], others.slice(1)] : [undefined, others];
  return {
    rows,
    words,
    initial: { h, c },
    memory: { keys, values },
    weights: { recurrent, bias, context, sentinel },
    more,
  };
}
