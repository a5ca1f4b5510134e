import type * as tf from "@tensorflow/tfjs";
import type { Bfloat16Ops } from "../../nn/mod.ts";

/**
 * What a layer without weights does in bfloat16; undefined where it takes float32. What adds up many
 * numbers, as the mean of a whole grid does, is left to float32.
 */
export function bfloat16Layer(
  layer: tf.layers.Layer,
  ops: Bfloat16Ops,
): ((inputs: tf.Tensor[]) => tf.Tensor) | undefined {
  const config = layer.getConfig();
  switch (layer.getClassName()) {
    case "MaxPooling2D":
    case "AveragePooling2D": {
      const kind = layer.getClassName() === "MaxPooling2D" ? "max" : "mean";
      const { poolSize, strides, padding } = config as {
        poolSize: [number, number];
        strides: [number, number];
        padding: "same" | "valid";
      };
      return ([input]) => ops.pool(kind, input as tf.Tensor4D, poolSize, strides, padding);
    }
    case "Add":
      return (inputs) => ops.add(inputs);
    case "Concatenate":
      return (inputs) => ops.concat(inputs, config.axis as number);
    case "Activation":
      return config.activation === "relu" ? ([input]) => ops.relu(input) : undefined;
    case "ReLU":
      return config.maxValue == null ? ([input]) => ops.relu(input) : undefined;
  }
}
