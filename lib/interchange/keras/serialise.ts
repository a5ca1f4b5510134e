import type { LayerSpec, ModelSpec } from "./layer_specs.ts";
import { MASK } from "./layer_stack.ts";

/** A model's config as Keras 3 writes it to `config.json`. */
export function keras3Config({ name, layers, inputs, output }: ModelSpec): unknown {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const tensor = (input: string) => ({
    class_name: "__keras_tensor__",
    config: {
      shape: byName.get(input)!.shape,
      dtype: byName.get(input)!.className === MASK ? "bool" : "float32",
      keras_history: [input, 0, 0],
    },
  });
  return {
    module: "keras.src.models.functional",
    class_name: "Functional",
    config: {
      name,
      trainable: true,
      layers: layers.map((layer) =>
        layer.className === MASK ? maskOf(layer, tensor) : ({
          module: "keras.layers",
          class_name: layer.className,
          config: commonConfig(layer),
          registered_name: null,
          name: layer.name,
          inbound_nodes: callOf(layer.inputs.map(tensor), (args) => ({
            args,
            kwargs: {
              ...layer.states?.length ? { initial_state: layer.states.map(tensor) } : {},
              ...layer.mask === undefined ? {} : { mask: tensor(layer.mask) },
            },
          })),
        })
      ),
      input_layers: inputs.map((input) => [input, 0, 0]),
      output_layers: [output, 0, 0],
    },
    registered_name: "Functional",
    build_config: { input_shape: null },
  };
}

/** A model's config as Keras 2 writes it to an `.h5`; Keras 3 and TF.js read it as well. */
export function keras2Config({ name, layers, inputs, output }: ModelSpec): unknown {
  const reference = (input: string) => [input, 0, 0, {}];
  return {
    class_name: "Functional",
    config: {
      name,
      trainable: true,
      layers: layers.filter(({ className }) => className !== MASK).map((layer) => ({
        class_name: layer.className,
        config: olderConfig(layer),
        name: layer.name,
        inbound_nodes: layer.inputs.length === 0
          ? []
          : [[...layer.inputs, ...layer.states ?? []].map(reference)],
      })),
      input_layers: inputs.map((input) => [input, 0, 0]),
      output_layers: [[output, 0, 0]],
    },
  };
}

/** Words that are not the padding's 0, as Keras 3 writes an operation. */
function maskOf({ name, inputs: [words] }: LayerSpec, tensor: (name: string) => unknown): unknown {
  return {
    module: "keras.src.ops.numpy",
    class_name: MASK,
    config: { name },
    registered_name: MASK,
    name,
    inbound_nodes: [{ args: [tensor(words), 0], kwargs: {} }],
  };
}

/** Several tensors are passed to a layer as one list. */
function callOf(tensors: unknown[], call: (args: unknown[]) => unknown): unknown[] {
  if (tensors.length === 0) return [];
  return [call(tensors.length === 1 ? tensors : [tensors])];
}

function commonConfig({ name, className, config }: LayerSpec): Record<string, unknown> {
  const common = { name, dtype: "float32", ...config };
  return className === "InputLayer" ? common : { trainable: true, ...common };
}

function olderConfig(layer: LayerSpec): Record<string, unknown> {
  const { batch_shape: shape, ...config } = commonConfig(layer);
  return shape === undefined ? config : { ...config, batch_input_shape: shape };
}
