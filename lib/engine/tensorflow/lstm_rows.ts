import * as tf from "@tensorflow/tfjs";
import { DataType } from "./data_types.ts";
import type { FunctionBody, Value } from "./function_body.ts";
import type { Endings } from "./lstm_steps.ts";

/**
 * Functions are made for so many steps or a multiple of it: steps beyond the last one have no rows.
 * Making one takes some 50 ms, and captions have up to 40 lengths.
 */
const STEPS_APART = 4;

/** Steps of the function that computes so many. */
export function functionSteps(steps: number): number {
  return Math.ceil(steps / STEPS_APART) * STEPS_APART;
}

/** Which of a step's rows end with it. */
export type Ending = "first" | "last";

/**
 * How many rows each step has, as int32 values that a function reads, so that it is the same for all:
 * the counts [steps], where in the state before it the rows stand that go on (their first, or how many
 * of the first) [steps, 2], and zeros to put back in place of the others [steps, 2, 2].
 *
 * @param counts rows of each step
 */
export function rowTensors(counts: readonly number[], ending: Ending): tf.Tensor[] {
  const steps = functionSteps(counts.length);
  const all = Array.from({ length: steps }, (_, step) => counts[step] ?? 0);
  const ended = all.map((count, step) => step === 0 ? 0 : all[step - 1] - count);
  const int = (values: number[], shape: number[]) => tf.tensor(values, shape, "int32");
  return [
    int(all, [steps]),
    int(ended.flatMap((gone, step) => ending === "first" ? [gone, 0] : [all[step], -1]), [
      steps,
      2,
    ]),
    int(
      ended.flatMap((gone) => ending === "first" ? [gone, 0, 0, 0] : [0, gone, 0, 0]),
      [steps, 2, 2],
    ),
  ];
}

/** How many values {@linkcode rowTensors} are. */
export const ROW_TENSORS = 3;

/** Values of steps with different numbers of rows. */
export interface StepRows extends Endings {
  /** Rows of all steps, one after the other, cut into steps. */
  cut(value: Value, type?: number): Value[];
}

/** @param rows the values of {@linkcode rowTensors}, with the same ending */
export function stepRows(
  body: FunctionBody,
  [counts, places, paddings]: Value[],
  steps: number,
  ending: Ending,
): StepRows {
  const perStep = (value: Value, shape: number[]) =>
    body.split(value, steps, 0, DataType.int32)
      .map((part) => body.reshape(part, shape, DataType.int32));
  const placeOf = perStep(places, [2]);
  const paddingOf = perStep(paddings, [2, 2]);
  return {
    cut: (value, type) => body.cut(value, counts, steps, type),
    goingOn: (value, step) =>
      ending === "first"
        ? body.sliceFrom(value, placeOf[step])
        : body.sliceTo(value, placeOf[step]),
    comingBack: (value, step) => body.pad(value, paddingOf[step]),
  };
}
