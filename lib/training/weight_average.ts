import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import type { Optimizer, Weights } from "../nn/mod.ts";

/**
 * Whether validation, the best checkpoint and decoding take an average of the weights, as part of the
 * training settings.
 *
 * @internal
 */
export const weightAveraging = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("exponential"),
    decay: z.number().gt(0).lt(1).default(0.999).describe(
      "what the average keeps of itself in a step; less in the first steps, where they do not start " +
        "from a run's weights",
    ),
  }),
  z.strictObject({
    kind: z.literal("epochs"),
    startFromEpoch: z.int().min(0).describe(
      "epochs before this one, counted from 0, are not part of the mean",
    ),
  }),
]).optional().describe(
  "what validation, checkpoints and captions take instead of the weights that training moves; " +
    "exponential: a moving average over the steps, epochs: the mean over the ends of epochs; in " +
    "memory it is once more the weights; absent: nothing",
);

/** An average of the training settings; undefined: none. */
export type WeightAveraging = z.infer<typeof weightAveraging>;

/**
 * An average of the weights that an optimizer moves, held as tensors of the same size.
 *
 * - `exponential` (Polyak and Juditsky, 1992, as usual in deep learning): after step t, counted from 1,
 *   the average keeps min(decay, (1 + t) / (10 + t)) of itself, so that the random weights of the start
 *   are soon forgotten. Weights that were trained before are not: there it keeps `decay`, and after
 *   T steps it has decay^T of them (as in WiSE-FT, Wortsman et al., 2022).
 * - `epochs` (stochastic weight averaging, Izmailov et al., 2018): the mean of the weights at the ends
 *   of all epochs from one on; before that there is no average.
 */
export class WeightAverage implements Disposable {
  readonly #settings: NonNullable<WeightAveraging>;
  readonly #optimizer: Pick<Optimizer, "read">;
  readonly #startsTrained: boolean;
  #average?: Map<string, tf.Tensor>;

  /**
   * @param from the average of a checkpoint; without it there is none yet
   * @param startsTrained whether training starts from weights that were trained before
   */
  constructor(
    settings: NonNullable<WeightAveraging>,
    optimizer: Pick<Optimizer, "read">,
    { from, startsTrained = false }: { from?: Weights; startsTrained?: boolean } = {},
  ) {
    this.#settings = settings;
    this.#startsTrained = startsTrained;
    this.#optimizer = optimizer;
    if (from !== undefined) this.set(from);
    else if (settings.kind === "exponential") this.#move(1);
  }

  /** Takes in the weights after a step. @param step counted from 1, over the whole training */
  afterStep(step: number): void {
    if (this.#settings.kind !== "exponential") return;
    const most = this.#startsTrained ? 1 : (1 + step) / (10 + step);
    this.#move(1 - Math.min(this.#settings.decay, most));
  }

  /** Takes in the weights at the end of an epoch, counted from 0. */
  afterEpoch(epoch: number): void {
    if (this.#settings.kind !== "epochs" || epoch < this.#settings.startFromEpoch) return;
    this.#move(1 / (epoch - this.#settings.startFromEpoch + 1));
  }

  /** The average as tensors by name, which the caller disposes of; the weights where there is none yet. */
  read(): Map<string, tf.Tensor> {
    if (this.#average === undefined) return this.#optimizer.read();
    return new Map([...this.#average].map(([name, tensor]) => [name, tensor.clone()]));
  }

  /** A copy of the average; undefined where there is none yet. */
  weights(): Weights | undefined {
    return this.#average && new Map(
      [...this.#average].map(([name, tensor]) => [name, {
        shape: tensor.shape,
        data: tensor.dataSync<"float32">().slice(),
      }]),
    );
  }

  /** Puts other weights in the average's place. */
  set(weights: Weights): void {
    this[Symbol.dispose]();
    this.#average = new Map(
      [...weights].map((
        [name, { shape, data }],
      ) => [name, tf.keep(tf.tensor(data.slice(), shape))]),
    );
  }

  /** Frees the average. */
  [Symbol.dispose](): void {
    tf.dispose([...this.#average?.values() ?? []]);
    this.#average = undefined;
  }

  /** Moves the average towards the weights by a share of the way, all of it where there is none. */
  #move(share: number): void {
    const weights = this.#optimizer.read();
    const before = this.#average;
    const moved = [...weights].map(([name, weight]): [string, tf.Tensor] => [
      name,
      tf.keep(tf.tidy(() => {
        // Not the weight itself, which Adam changes where it lies.
        if (before === undefined) return tf.mul(weight, 1);
        const average = before.get(name)!;
        return tf.add(average, tf.mul(tf.sub(weight, average), share));
      })),
    ]);
    this[Symbol.dispose]();
    tf.dispose([...weights.values()]);
    this.#average = new Map(moved);
  }
}
