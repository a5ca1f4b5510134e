import * as tf from "@tensorflow/tfjs";
import { architectures, buildModel } from "../../lib/encoders/mod.ts";
import { Random } from "../../lib/random/mod.ts";

/** A network with all its weights random, batch norms' statistics as well. */
export function randomModel(kind: string, layer: string, imageSize: number): tf.LayersModel {
  const model = buildModel(architectures[kind], layer, imageSize);
  const random = new Random(5, kind, layer);
  for (const { weights } of model.layers) {
    for (const weight of weights) {
      const shape = weight.shape as number[];
      const size = shape.reduce((product, side) => product * side, 1);
      const positive = /gamma|variance/.test(weight.originalName);
      const bound = shape.length === 1 ? 0.3 : 1.7 / Math.sqrt(size / shape.at(-1)!);
      const values = Float32Array.from(
        { length: size },
        () => positive ? 0.5 + random.uniform() : bound * (2 * random.uniform() - 1),
      );
      const tensor = tf.tensor(values, shape);
      weight.write(tensor);
      tensor.dispose();
    }
  }
  return model;
}
