import * as tf from "@tensorflow/tfjs";
import { type AttentionLstmStep, attentionLstmStep } from "./attention_lstm.ts";
import { attentionLstmGradients } from "./attention_lstm_gradients.ts";
import type { AttentionLstmInputs } from "./attention_lstm_inputs.ts";
import { byRow } from "./attention_rows.ts";
import type { FusedOps } from "./fused_ops.ts";

/**
 * An attention LSTM over a whole sequence, with a gradient of its own: TF.js would add up those of
 * weights, keys and values step by step, which are one product each over all steps.
 *
 * @returns of each step, one after the other, the output, the gated context and the regions' shares,
 * their mean over the heads, side by side [rows of all steps, units + width + regions]
 */
export function attentionLstm(inputs: AttentionLstmInputs, fused?: FusedOps): tf.Tensor2D {
  if (fused?.attentionLstm) return fused.attentionLstm(inputs);
  const run = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const all = attentionLstmSteps(unflatten(args as tf.Tensor[], inputs.rows), fused);
    const kept = all.map(flattenStep);
    save([...args as tf.Tensor[], ...kept.flat()]);
    return {
      value: sideBySide(all),
      gradFunc: (dy, saved) =>
        tf.tidy(() => {
          const given = unflatten(saved.slice(0, args.length), inputs.rows);
          const steps = kept.map(({ length }, i) =>
            unflattenStep(saved.slice(args.length + i * length, args.length + (i + 1) * length))
          );
          return attentionLstmGradients(dy as tf.Tensor2D, given, steps, fused);
        }),
    };
  });
  return run(...flatten(inputs)) as tf.Tensor2D;
}

/** The same steps, recorded for TF.js' own gradient where one is asked for. */
export function attentionLstmSteps(
  { words, rows, initial, memory, arrays }: AttentionLstmInputs,
  fused?: FusedOps,
): AttentionLstmStep[] {
  let before = initial;
  return tf.split(words, [...rows], 0).map((word) => {
    const goingOn = (x: tf.Tensor2D) =>
      x.shape[0] === word.shape[0] ? x : tf.slice(x, [0, 0], [word.shape[0], -1]);
    const state = { h: goingOn(before.h), c: goingOn(before.c) };
    const step = attentionLstmStep(word as tf.Tensor2D, state, memory, arrays, fused);
    before = step.after;
    return step;
  });
}

/** What {@linkcode attentionLstm} returns. */
export function sideBySide(steps: readonly AttentionLstmStep[]): tf.Tensor2D {
  const shares = steps.map(({ shares }) => byRow(tf.mean(shares, 1, true)));
  return tf.concat([
    tf.concat(steps.map(({ after }) => after.h), 0),
    tf.concat(steps.map(({ context }) => context), 0),
    tf.concat(shares, 0),
  ], 1) as tf.Tensor2D;
}

function flatten({ words, initial, memory, arrays }: AttentionLstmInputs): tf.Tensor[] {
  const { recurrent, bias, context, sentinel } = arrays;
  return [
    ...[words, initial.h, initial.c, memory.keys, memory.values, recurrent, bias, context],
    ...sentinel ? [sentinel] : [],
  ];
}

function unflatten(all: tf.Tensor[], rows: readonly number[]): AttentionLstmInputs {
  const [words, h, c, keys, values, recurrent, bias, context, sentinel] = all;
  return {
    words,
    rows,
    initial: { h, c },
    memory: { keys, values },
    arrays: { recurrent, bias, context, sentinel },
  } as AttentionLstmInputs;
}

function flattenStep({ before, gates, sentinel, ...step }: AttentionLstmStep): tf.Tensor[] {
  const { tanhC, query, shares, seen, open, context } = step;
  const own = sentinel && [
    ...[sentinel.gate, sentinel.memory, sentinel.kept, sentinel.key, sentinel.value],
    sentinel.share,
  ];
  return [before.h, before.c, ...gates, tanhC, query, shares, seen, open, context, ...own ?? []];
}

/** Without the state after the step, which no gradient needs. */
function unflattenStep(all: tf.Tensor[]): Omit<AttentionLstmStep, "after"> {
  const [h, c, i, f, candidate, o, tanhC, query, shares, seen, open, context, ...own] = all;
  const [gate, memory, kept, key, value, share] = own;
  return {
    before: { h, c },
    gates: [i, f, candidate, o],
    ...{ tanhC, query, shares, seen, open, context },
    sentinel: gate && { gate, memory, kept, key, value, shares, share },
  } as Omit<AttentionLstmStep, "after">;
}
