import type * as tf from "@tensorflow/tfjs";
import { Random } from "../../random/mod.ts";
import { layersBefore } from "../architectures/layers_before.ts";
import type { Architecture } from "../architectures/architecture.ts";
import { loadWeights, wantedOf } from "./load_weights.ts";
import type { WeightSource } from "./weight_source.ts";

/** The second kernel of a separable convolution. */
const mixing = "pointwise_kernel";

/**
 * Weights drawn from a seed, scaled so that activations keep their size through the network.
 *
 * Kernels are uniform within ±√(6 / fan-in) (He et al., 2015: for ReLU; Keras' default of Glorot
 * lets them vanish in a network that was never trained), biases 0; batch norms pass values
 * through, scaled by ¼ where they end a residual branch, whose sums would grow otherwise.
 */
export function randomWeights(kind: string, seed: number, model: tf.LayersModel): WeightSource {
  const wanted = model.layers.filter(({ weights }) => weights.length > 0).map(wantedOf);
  const branches = residualBranches(model);
  return {
    label: `Random weights of seed ${seed}`,
    digest: randomDigest(seed),
    layers: wanted,
    read(layer, array) {
      const { name, arrays } = wanted[layer];
      const { name: weight, shape } = arrays[array];
      const size = shape.reduce((product, side) => product * side, 1);
      const values = new Float32Array(size);
      if (weight === "moving_variance") return values.fill(1);
      if (weight === "gamma") return values.fill(branches.has(name) ? 0.25 : 1);
      if (!weight.endsWith("kernel")) return values;
      // A depthwise kernel [height, width, channels, 1] sees one channel.
      const fanIn = weight === "depthwise_kernel" ? shape[0] * shape[1] : size / shape.at(-1)!;
      // No ReLU stands between the two of a separable convolution.
      const isHalf = weight === "depthwise_kernel" && arrays.length > 1 &&
        arrays[1].name === mixing;
      const limit = Math.sqrt((isHalf ? 3 : 6) / fanIn);
      const random = weight === mixing
        ? new Random(seed, "encoder", kind, name, weight)
        : new Random(seed, "encoder", kind, name);
      for (let i = 0; i < size; i++) values[i] = limit * (2 * random.uniform() - 1);
      return values;
    },
    close() {},
  };
}

/** What names the weights of a seed in place of a file's digest. */
export function randomDigest(seed: number): string {
  return `random-he-1-${seed}`;
}

/** Puts weights drawn from a seed into a network, to be trained. */
export async function initialiseRandomly(
  model: tf.LayersModel,
  architecture: Architecture,
  seed: number,
): Promise<void> {
  await loadWeights(model, architecture, randomWeights(architecture.kind, seed, model));
}

/** Names of the batch norms whose output is added to something else: an Add's last one. */
function residualBranches(model: tf.LayersModel): Set<string> {
  const sums = model.layers.filter((layer) => layer.getClassName() === "Add");
  const isNorm = (layer: tf.layers.Layer) => layer.getClassName() === "BatchNormalization";
  return new Set(sums.flatMap((sum) => layersBefore(sum).findLast(isNorm)?.name ?? []));
}
