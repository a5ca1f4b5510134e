import * as tf from "@tensorflow/tfjs";
import type { Arithmetic, Bfloat16Ops, FusedOps } from "../../nn/mod.ts";
import { Value } from "./value.ts";
import { compileSteps } from "./compile_steps.ts";
import type { Step } from "./step.ts";
import type { PlannedConvolution } from "./planned_convolution.ts";

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
    this.#vectorsFrom = this.#findVectors();
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
   * Grids are computed a few photos at a time, which bounds memory and keeps results in the
   * processor's cache; vectors for all photos at once, as they share large matrices.
   *
   * @param pieces inputs [photos, height, width, channels] one after the other, each made when needed
   * @returns the output for all photos [photos, …]; the caller owns it
   */
  run(pieces: Iterable<() => tf.Tensor4D>): tf.Tensor {
    const first = this.#steps.slice(0, this.#vectorsFrom);
    const rest = this.#steps.slice(this.#vectorsFrom);
    return tf.tidy(() => {
      const parts = Array.from(pieces, (piece) => tf.tidy(() => this.#runSteps(first, 0, piece())));
      const whole = parts.length === 1 ? parts[0] : tf.concat(parts);
      if (parts.length > 1) tf.dispose(parts);
      return rest.length === 0 ? whole : this.#runSteps(rest, first.at(-1)?.output ?? 0, whole);
    });
  }

  /** Frees the weights. */
  dispose(): void {
    for (const { weights } of this.#steps) tf.dispose(weights);
  }

  #findVectors(): number {
    const steps = this.#steps;
    for (const [i, { rank }] of steps.entries()) {
      const later = steps.slice(i + 1).flatMap(({ inputs }) => inputs);
      const earlier = steps.slice(0, i).some((step) => later.includes(step.output));
      if (rank === 2 && !earlier && !later.includes(0)) return i + 1;
    }
    return steps.length;
  }

  /** Takes and gives float32. */
  #runSteps(steps: Step[], inputSlot: number, input: tf.Tensor): tf.Tensor {
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
