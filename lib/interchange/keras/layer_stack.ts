import type { LayerSpec } from "./layer_specs.ts";
import { denseNames, recurrentNames } from "./recognised.ts";

/** The operation of Keras 3 that is a mask. */
export const MASK = "NotEqual";

/** Builds a stack of layers; each method returns the name of the layer that it adds. */
export class LayerStack {
  /** All layers, in the order in which they were added. */
  readonly all: LayerSpec[] = [];

  /** Whether there is a layer with this name. */
  has(name: string): boolean {
    return this.all.some((layer) => layer.name === name);
  }

  /** Shape of a layer's output, the batch first. */
  shape(name: string): (number | null)[] {
    return this.all.find((layer) => layer.name === name)!.shape;
  }

  /** Adds the positions that hold a word, an operation that only Keras 3 writes. */
  mask(name: string, words: string): string {
    const [shape, config] = [this.shape(words), {}];
    return this.add({ name, className: MASK, config, inputs: [words], shape });
  }

  /** Adds two layers' outputs side by side, along the last axis. */
  concatenate(name: string, first: string, second: string): string {
    const [a, b] = [this.shape(first), this.shape(second)];
    const shape = [...b.slice(0, -1), a.at(-1)! + b.at(-1)!];
    const config = { axis: -1 };
    return this.add({ name, className: "Concatenate", config, inputs: [first, second], shape });
  }

  /** Adds any layer. */
  add(spec: Omit<LayerSpec, "weights"> & { weights?: string[] }): string {
    this.all.push({ weights: [], ...spec });
    return spec.name;
  }

  /** Adds an input. @param shape without the batch */
  input(name: string, ...shape: (number | null)[]): string {
    const config = { batch_shape: [null, ...shape] };
    return this.add({ name, className: "InputLayer", config, inputs: [], shape: [null, ...shape] });
  }

  /** Adds a dense layer with bias. @param l2 penalty on the kernel in training @default {0} */
  dense(name: string, units: number, activation: string, input: string, l2 = 0): string {
    const penalty = { module: "keras.regularizers", class_name: "L1L2", config: { l1: 0, l2 } };
    return this.add({
      name,
      className: "Dense",
      config: {
        units,
        activation,
        use_bias: true,
        ...(l2 === 0 ? {} : { kernel_regularizer: { ...penalty, registered_name: null } }),
      },
      inputs: [input],
      shape: [null, units],
      weights: denseNames(name),
    });
  }

  /** Adds a dropout, unless the rate is 0. */
  dropout(name: string, rate: number, input: string): string {
    if (rate === 0) return input;
    const shape = this.shape(input);
    return this.add({ name, className: "Dropout", config: { rate }, inputs: [input], shape });
  }

  /** Adds a forward and a backward LSTM, outputs concatenated. @param steps length of the output */
  bidirectional(name: string, units: number, steps: number | null, input: string): string {
    const layer = {
      module: "keras.layers",
      class_name: "LSTM",
      config: { name: `${name}_cell`, ...lstmConfig(units, true) },
      registered_name: null,
    };
    const side = name.replace("_lstm", "");
    return this.add({
      name,
      className: "Bidirectional",
      config: { merge_mode: "concat", layer },
      inputs: [input],
      shape: [null, steps, 2 * units],
      weights: [...recurrentNames(`${side}_forward`), ...recurrentNames(`${side}_backward`)],
    });
  }

  /** Adds a dot product over an axis of each input. */
  dot(name: string, axes: [number, number], shape: (number | null)[], ...inputs: string[]): string {
    return this.add({ name, className: "Dot", config: { axes, normalize: false }, inputs, shape });
  }

  /** Adds a layer with one input. @default {shape: that of the input} */
  on(
    input: string,
    name: string,
    className: string,
    config: Record<string, unknown> = {},
    shape: (number | null)[] = this.shape(input),
  ): string {
    return this.add({ name, className, config, inputs: [input], shape });
  }
}

/** Settings of an LSTM with Keras' default gates. */
export function lstmConfig(units: number, sequences: boolean): Record<string, unknown> {
  return {
    units,
    activation: "tanh",
    recurrent_activation: "sigmoid",
    use_bias: true,
    return_sequences: sequences,
  };
}
