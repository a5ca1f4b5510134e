import * as tf from "@tensorflow/tfjs";
import type { FusedOps, Weights, WeightTensors } from "../../nn/mod.ts";
import { nearNames } from "../../text/mod.ts";
import {
  type Architecture,
  checkLayer,
  type LayerSpec,
  layersUntil,
} from "../architectures/architecture.ts";
import { layerShapes } from "../architectures/feature_shape.ts";
import { chainFrom } from "../plan/compile_steps.ts";
import { foldedWeights } from "../plan/folded_weights.ts";
import { type TrainableStep, trainableStep } from "./trainable_step.ts";

/** Begins the names of their weights, beside those of a decoder. */
const PREFIX = "encoder/";

/** Where a network is cut in two. */
export interface TrainableCut {
  /** Name of the last layer that stays as it is. */
  after: string;
  /** Name of the layer whose output is the feature. */
  layer: string;
  /** Photos have so many pixels a side. */
  imageSize: number;
}

/**
 * The last layers of a network, for training: their weights come from outside, kernel and bias of each
 * convolution and dense layer, batch norms folded into them with the statistics that they have. Gradients
 * by TF.js.
 */
export class TrainableLayers {
  /** Shape of what they take of a photo. */
  readonly inputShape: readonly number[];
  /** Shape of the feature that they give. */
  readonly outputShape: readonly number[];
  /** Name and shape of every weight, `encoder/LAYER/kernel` and `encoder/LAYER/bias`. */
  readonly weightShapes: ReadonlyMap<string, number[]>;
  /** Roughly how many numbers a training step keeps of a photo until its gradients are known. */
  readonly activations: number;
  readonly #steps: (TrainableStep & { inputs: string[]; output: string })[];
  readonly #after: string;

  /**
   * No engine is needed.
   *
   * @throws {RangeError} if there is no such layer, later ones need what comes before it, or one of
   * them cannot be trained
   */
  constructor(architecture: Architecture, { after, layer, imageSize }: TrainableCut) {
    checkLayer(architecture, layer, imageSize);
    const specs = layersAfter(architecture, after, layer);
    const shapes = layerShapes(architecture, layer, imageSize);
    this.#after = after;
    this.inputShape = shapes.get(after)!;
    this.outputShape = shapes.get(layer)!;
    const made = new Map(specs.map(({ name, inputs, make }) => [
      name,
      make([null!, ...shapes.get(inputs[0])!]),
    ]));
    const before = new Map(specs.map(({ name, inputs }) => [name, inputs]));
    const consumers = Map.groupBy(
      specs.flatMap(({ name, inputs }) =>
        inputs.map((input) => ({ input, layer: made.get(name)! }))
      ),
      ({ input }) => input,
    );
    const following = new Map(
      [...consumers].map(([name, found]) => [name, found.map(({ layer }) => layer)]),
    );
    const taken = new Set<string>();
    this.#steps = [];
    for (const { name } of specs) {
      if (taken.has(name)) continue;
      const chain = chainFrom(made.get(name)!, following);
      for (const { name } of chain) taken.add(name);
      const inputs = before.get(name)!;
      const output = chain.at(-1)!.name;
      const sizes = {
        given: inputs.map((input) => shapes.get(input)!),
        gives: shapes.get(output)!,
      };
      const step = trainableStep(chain, sizes, (layer, array) => `${PREFIX}${layer}/${array}`);
      this.#steps.push({ ...step, inputs, output });
    }
    this.weightShapes = new Map(this.#steps.flatMap(({ weightShapes }) => [...weightShapes]));
    this.activations = this.#steps.reduce((sum, { activations }) => sum + activations, 0);
    if (this.weightShapes.size === 0) {
      throw new RangeError(
        `Between the layers "${after}" and "${layer}" of ${architecture.kind} nothing is learned: set ` +
          "encoder.fineTune.after to an earlier layer",
      );
    }
  }

  /**
   * The feature of photos, differentiable in weights and input.
   *
   * @param input [photos, ...inputShape]
   * @returns [photos, ...outputShape]
   */
  apply(weights: WeightTensors, input: tf.Tensor, fused?: FusedOps): tf.Tensor {
    const values = new Map([[this.#after, input]]);
    for (const { inputs, output, run } of this.#steps) {
      values.set(output, run(inputs.map((name) => values.get(name)!), weights, fused));
    }
    return values.get(this.#steps.at(-1)!.output)!;
  }

  /** Their weights in a network that has them. */
  weightsOf(model: tf.LayersModel): Weights {
    const weights: Weights = new Map();
    for (const { learned, weightShapes } of this.#steps) {
      if (learned === undefined) continue;
      const { layer, norm, isDepthwise } = learned;
      const own = model.getLayer(layer).getWeights();
      const folded = foldedWeights(own, norm ? model.getLayer(norm) : undefined, isDepthwise);
      for (const [i, [name, shape]] of [...weightShapes].entries()) {
        weights.set(name, { shape, data: folded[i].dataSync<"float32">().slice() });
        folded[i].dispose();
      }
    }
    return weights;
  }

  /** Puts such weights into a network, in the place of its own. */
  putInto(model: tf.LayersModel, weights: Weights): void {
    for (const { learned, weightShapes } of this.#steps) {
      if (learned === undefined) continue;
      const [kernel, bias] = [...weightShapes.keys()].map((name) => weights.get(name)!);
      unfold(model, learned, tf.tensor(kernel.data, kernel.shape), tf.tensor1d(bias.data));
    }
  }
}

/** What {@linkcode foldedWeights} folds to these; uses them up. */
function unfold(
  model: tf.LayersModel,
  { layer, norm }: NonNullable<TrainableStep["learned"]>,
  kernel: tf.Tensor,
  bias: tf.Tensor1D,
): void {
  const none = tf.zerosLike(bias);
  const own = model.getLayer(layer);
  const hasBias = own.getWeights().length > 1;
  if (norm === undefined) {
    own.setWeights([kernel, bias]);
  } else {
    const after = model.getLayer(norm);
    const { scale, epsilon } = after.getConfig();
    const [one, variance] = [tf.onesLike(bias), tf.sub(1 - (epsilon as number), none)];
    own.setWeights(hasBias ? [kernel, none] : [kernel]);
    after.setWeights([...scale === false ? [] : [one], bias, none, variance]);
    tf.dispose([one, variance]);
  }
  tf.dispose([kernel, bias, none]);
}

/** The layers between two, in order, checked to need nothing else of what comes before. */
function layersAfter(architecture: Architecture, after: string, layer: string): LayerSpec[] {
  const all = layersUntil(architecture, layer);
  const places = new Map(all.map(({ name }, i) => [name, i]));
  const stands = (name: string) => {
    const at = places.get(name)!;
    return all.slice(at + 1).every(({ inputs }) =>
      inputs.every((input) => input === name || (places.get(input) ?? -1) > at)
    );
  };
  const at = places.get(after);
  const names = all.slice(0, -1).map(({ name }) => name);
  if (at === undefined || after === layer) {
    const near = nearNames(after, names).map((name) => `"${name}"`).join(", ");
    throw new RangeError(
      `encoder.fineTune.after is "${after}", which is no layer of ${architecture.kind} before ` +
        `"${layer}": set it to one such as ${near}`,
    );
  }
  if (stands(after)) return all.slice(at + 1);
  const near = names.slice(0, at).findLast(stands);
  throw new RangeError(
    `encoder.fineTune.after is "${after}", but layers after it need what comes before it: set it to ` +
      (near === undefined ? "a later layer" : `"${near}"`) + ", whose output is all they take",
  );
}
