import * as tf from "@tensorflow/tfjs";
import type { ProjectedLstm, ProjectedSequences } from "../../nn/mod.ts";
import type { TensorFlowBackend } from "./backend.ts";
import { callFunction } from "./graph_function.ts";
import { backward, forward, KEPT, type LstmSteps } from "./lstm_steps.ts";

/**
 * LSTMs over projected inputs, see `lib/nn/projected_lstm.ts`: two functions of TensorFlow, forwards
 * and backwards, in which several LSTMs run side by side.
 */
export function projectedLstm(
  backend: TensorFlowBackend,
  lstms: readonly ProjectedLstm[],
  sequences: ProjectedSequences,
): tf.Tensor3D[] {
  const count = lstms.length;
  const [items, , width] = lstms[0].projected.shape;
  const units = width / 4;
  const { steps, ending } = sequences;
  const sizes: LstmSteps = { items, units, steps, ending, inOrder: false };
  const named = (direction: string) =>
    `lstm_${direction}_${count}_of_${items}_items_${units}_units_${steps}_steps_${ending}_ending`;
  const forwards = (given: tf.Tensor[]) =>
    callFunction(backend, named("forward"), given, count * KEPT, (body, inputs) => {
      const all = lstms.map((_, n) => forward(body, inputs[n], inputs[count + n], sizes));
      return [...all.map(([h]) => h), ...all.flatMap(([, ...kept]) => kept)];
    });
  const backwards = (given: tf.Tensor[]) =>
    callFunction(backend, named("backward"), given, 2 * count, (body, inputs) => {
      const [dys, kernels, hs] = [0, 1, 2].map((n) => inputs.slice(n * count, (n + 1) * count));
      const gradients = dys.map((dy, n) => {
        const kept = inputs.slice(3 * count + n * (KEPT - 1), 3 * count + (n + 1) * (KEPT - 1));
        return backward(body, dy, kernels[n], [hs[n], ...kept], sizes);
      });
      return [
        ...gradients.map(({ projected }) => projected),
        ...gradients.map(({ kernel }, n) => kernel ?? body.op("ZerosLike", [kernels[n]])),
      ];
    });
  const run = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as tf.GradSaveFunc;
    const given = args.slice(0, -1) as tf.Tensor[];
    const results = forwards(given);
    save([...given.slice(count), ...results]);
    const outputs = results.slice(0, count);
    return {
      // TF.js' own gradients are of one tensor.
      value: count === 1 ? outputs[0] : tf.concat(outputs, 0),
      gradFunc: (dy, saved) => backwards([...parts(dy, count), ...saved]),
    };
  });
  const value = run(
    ...lstms.map(({ projected }) => projected),
    ...lstms.map(({ recurrentKernel }) => recurrentKernel),
  );
  return parts(value as tf.Tensor3D, count);
}

/** TF.js' gradient of split fails where there is one part. */
function parts<T extends tf.Tensor>(x: T, count: number): T[] {
  return count === 1 ? [x] : tf.split(x, count, 0);
}
