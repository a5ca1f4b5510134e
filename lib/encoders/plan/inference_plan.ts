import * as tf from "@tensorflow/tfjs";
import type { Arithmetic, Bfloat16Ops, FusedOps } from "../../nn/mod.ts";
import { Value } from "./value.ts";
import { compileSteps } from "./compile_steps.ts";
import type { Step } from "./step.ts";
import type { PlannedConvolution } from "./planned_convolution.ts";

/** Places of a grid that is small: 35 × 35 in networks of 299 pixels. */
const SMALL = 35 * 35;

/**
 * A network made ready to be run forwards only: batch norms are part of the convolutions before
 * them, bias and activation are done in the same pass, and each intermediate result is freed when
 * nothing needs it any more.
 */
export class InferencePlan {
  /** Numbers in which convolutions and dense layers are computed; input and output are float32. */
  readonly arithmetic: Arithmetic;
  readonly #bfloat16?: Bfloat16Ops;
  readonly #steps: Step[];
  #oneDnn?: ReadonlySet<string>;
  /** From it on, grids are small. */
  readonly #smallFrom: number;
  /** Before it, photos are independent grids; from it on, one vector a photo. */
  readonly #vectorsFrom: number;
  readonly #outputShape: number[];

  /**
   * Folds a network's weights; those of the plan are its own.
   *
   * @param model may be disposed of afterwards
   * @throws {TypeError} if the network has a layer that a plan cannot run
   * @throws {RangeError} if the engine cannot compute in bfloat16, and is to
   */
  constructor(model: tf.LayersModel, fused?: FusedOps, arithmetic: Arithmetic = "float32") {
    const bfloat16 = arithmetic === "bfloat16" ? fused?.bfloat16 : undefined;
    if (arithmetic === "bfloat16" && bfloat16 === undefined) {
      throw new RangeError("Only the engine on TensorFlow computes in bfloat16: take float32");
    }
    const { kernels, conv2d } = fused ?? {};
    this.arithmetic = arithmetic;
    this.#bfloat16 = bfloat16;
    const kernelOf = kernels && bfloat16 === undefined
      ? (name: string) =>
        this.#oneDnn === undefined
          ? conv2d!
          : this.#oneDnn.has(name)
          ? kernels.oneDnn
          : kernels.eigen
      : undefined;
    this.#steps = compileSteps(model, { fused, bfloat16, kernelOf });
    this.#smallFrom = this.#narrowest(({ places }) => places <= SMALL);
    this.#vectorsFrom = this.#narrowest(({ rank }) => rank === 2);
    this.#outputShape = (model.outputs[0].shape as number[]).slice(1);
  }

  /** Shape of one photo's output. */
  get outputShape(): number[] {
    return [...this.#outputShape];
  }

  /** Float32 convolutions that each of the engine's kernels can compute; owned by the plan. */
  get convolutions(): PlannedConvolution[] {
    return this.#steps.flatMap(({ convolution }) => convolution ?? []);
  }

  /** From now on oneDNN computes the convolutions of these names, and Eigen the others. */
  useOneDnn(names: Iterable<string>): void {
    this.#oneDnn = new Set(names);
  }

  /** Number of operations. */
  get length(): number {
    return this.#steps.length;
  }

  /**
   * Large grids are computed a few photos at a time, which bounds memory and keeps results in the
   * processor's cache; small ones more at once, as few rows make slow matrix products; vectors for
   * all photos, as they share large matrices.
   *
   * @param pieces inputs [photos, height, width, channels] one after the other, each made when needed
   * @param together pieces whose small grids are computed at once
   * @returns the output for all photos [photos, …]; the caller owns it
   */
  run(pieces: Iterable<() => tf.Tensor4D>, together = 1): tf.Tensor {
    const [small, vectors] = [
      together === 1 ? this.#vectorsFrom : this.#smallFrom,
      this.#vectorsFrom,
    ];
    const part = (from: number, to: number, input: () => tf.Tensor) => () =>
      this.#runSteps(from, to, input());
    return tf.tidy(() => {
      const grids = Iterator.from(pieces).map((piece) => part(0, small, piece));
      const groups = inGroups(grids, together).map((group) =>
        part(small, vectors, () => joined(group))
      );
      return part(vectors, this.#steps.length, () => joined(groups))();
    });
  }

  /** Frees the weights. */
  dispose(): void {
    for (const { weights } of this.#steps) tf.dispose(weights);
  }

  /** The first step after which nothing but its output is needed, if that is as asked. */
  #narrowest(fits: (step: Step) => boolean): number {
    const steps = this.#steps;
    for (const [i, step] of steps.entries()) {
      const later = steps.slice(i + 1).flatMap(({ inputs }) => inputs);
      const earlier = steps.slice(0, i).some((step) => later.includes(step.output));
      if (fits(step) && !earlier && !later.includes(0)) return i + 1;
    }
    return steps.length;
  }

  /** Takes and gives float32. */
  #runSteps(from: number, to: number, input: tf.Tensor): tf.Tensor {
    const steps = this.#steps.slice(from, to);
    const inputSlot = from === 0 ? 0 : this.#steps[from - 1].output;
    const valueOf = (tensor: tf.Tensor, arithmetic: Arithmetic) =>
      new Value(tensor, arithmetic, this.#bfloat16);
    const values = new Map<number, Value>([[inputSlot, valueOf(input, "float32")]]);
    const lastUse = new Map<number, number>();
    steps.forEach(({ inputs }, i) => inputs.forEach((slot) => lastUse.set(slot, i)));
    for (const [i, { inputs, output, takes, gives, run }] of steps.entries()) {
      const given = inputs.map((slot) => values.get(slot)!.in(takes));
      values.set(output, valueOf(tf.tidy(() => run(given)), gives));
      for (const slot of inputs) if (lastUse.get(slot) === i) values.get(slot)?.dispose();
    }
    return values.get(steps.at(-1)?.output ?? inputSlot)!.in("float32");
  }
}

/** The results of some parts as one tensor, each part's own intermediate results freed. */
function joined(parts: Iterable<() => tf.Tensor>): tf.Tensor {
  const results = Array.from(parts, (part) => tf.tidy(part));
  if (results.length === 1) return results[0];
  const whole = tf.concat(results);
  tf.dispose(results);
  return whole;
}

function* inGroups<T>(values: Iterable<T>, size: number): Generator<T[]> {
  let group: T[] = [];
  for (const value of values) {
    group.push(value);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
