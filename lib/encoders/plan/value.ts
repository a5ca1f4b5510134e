import type * as tf from "@tensorflow/tfjs";
import type { Arithmetic, Bfloat16Ops } from "../../nn/mod.ts";

/** A result of a plan, in the numbers that it was computed in and in those it was asked for in. */
export class Value {
  readonly #bfloat16?: Bfloat16Ops;
  readonly #tensors: Partial<Record<Arithmetic, tf.Tensor>>;

  /** Owns the tensor from now on. */
  constructor(tensor: tf.Tensor, arithmetic: Arithmetic, bfloat16?: Bfloat16Ops) {
    this.#tensors = { [arithmetic]: tensor };
    this.#bfloat16 = bfloat16;
  }

  /** The tensor in these numbers; the value owns it. */
  in(arithmetic: Arithmetic): tf.Tensor {
    const { float32, bfloat16 } = this.#tensors;
    return this.#tensors[arithmetic] ??= arithmetic === "bfloat16"
      ? this.#bfloat16!.fromFloat32(float32!)
      : this.#bfloat16!.toFloat32(bfloat16!);
  }

  dispose(): void {
    this.#tensors.float32?.dispose();
    this.#tensors.bfloat16?.dispose();
  }
}
