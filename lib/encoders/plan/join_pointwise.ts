import * as tf from "@tensorflow/tfjs";
import type { Step } from "./step.ts";
import { convolve, type PlanOps, type UnnamedConvolution } from "./operations.ts";

/**
 * Makes one convolution of all pointwise ones of the same input, as the branches of an Inception
 * module begin: one large product is faster than several small ones. Each of them takes its share of
 * the channels.
 *
 * An average before such a convolution is taken after it. Both are linear, and a window's shares add
 * up to 1, so that the sums stay what they were; but fewer channels are averaged.
 *
 * @param steps in float32
 */
export function joinPointwise(steps: readonly Step[], ops: PlanOps): Step[] {
  let slots = 1 + Math.max(0, ...steps.map(({ output }) => output));
  const newSlot = () => slots++;
  return joined(averagedLater(steps, ops, newSlot), ops, newSlot);
}

function averagedLater(steps: readonly Step[], ops: PlanOps, newSlot: () => number): Step[] {
  const instead = new Map<Step, Step[]>();
  for (const average of steps.filter(({ averages }) => averages)) {
    const [mix, ...others] = steps.filter(({ inputs }) => inputs.includes(average.output));
    if (mix?.pointwise?.strides.join() !== "1,1" || others.length > 0) continue;
    const { activation } = mix.pointwise;
    const [mixed, averaged] = [newSlot(), newSlot()];
    const activate = { linear: tf.clone, relu: tf.relu, relu6: tf.relu6 }[activation];
    instead.set(average, []);
    instead.set(mix, [
      mixing({ ...mix.pointwise, activation: "linear" }, {
        ...mix,
        inputs: average.inputs,
        output: mixed,
      }, ops),
      { ...average, inputs: [mixed], output: averaged },
      ownStep({ ...mix, inputs: [averaged] }, ([x]) => activate(x)),
    ]);
  }
  return steps.flatMap((step) => instead.get(step) ?? [step]);
}

function joined(steps: readonly Step[], ops: PlanOps, newSlot: () => number): Step[] {
  const alike = Map.groupBy(
    steps.filter(({ pointwise }) => pointwise !== undefined),
    ({ inputs, pointwise }) => `${inputs} ${pointwise!.strides} ${pointwise!.activation}`,
  );
  const instead = new Map<Step, Step[]>();
  for (const group of alike.values().filter(({ length }) => length > 1)) {
    const all = group.map(({ pointwise }) => pointwise!);
    const slot = newSlot();
    const filter = tf.concat(all.map(({ filter }) => filter), 3);
    const bias = tf.concat(all.map(({ bias }) => bias), 0);
    const first = mixing({ ...all[0], filter, bias }, { ...group[0], output: slot }, ops);
    let begin = 0;
    for (const [i, own] of group.entries()) {
      const channels = all[i].filter.shape[3];
      const [from, size] = [[0, 0, 0, begin], [-1, -1, -1, channels]];
      const share = ownStep({ ...own, inputs: [slot] }, ([x]) => tf.slice(x, from, size));
      begin += channels;
      instead.set(group[i], i === 0 ? [first, share] : [share]);
      tf.dispose(own.weights);
    }
  }
  return steps.flatMap((step) => instead.get(step) ?? [step]);
}

function mixing(planned: UnnamedConvolution, place: Place, ops: PlanOps): Step {
  const { run, convolution } = convolve(planned, ops);
  const weights = [planned.filter, planned.bias];
  return { ...ownStep(place, ([x]) => run(x)), weights, convolution, pointwise: planned };
}

/** Where a step stands in the plan. */
type Place = Pick<Step, "inputs" | "output" | "rank" | "places">;

/** A step in float32. */
function ownStep({ inputs, output, rank, places }: Place, run: Step["run"]): Step {
  return { inputs, output, rank, places, run, weights: [], takes: "float32", gives: "float32" };
}
