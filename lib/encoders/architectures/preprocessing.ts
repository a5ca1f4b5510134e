/** How Keras' `preprocess_input` turns a network's RGB bytes into its numbers. */
export interface Preprocessing {
  /** Part of a feature's key. */
  readonly name: string;
  /** Channel of the output (0 red, 1 green, 2 blue) that each channel of the network takes. */
  readonly order: readonly [number, number, number];
  /** A byte is divided by it. */
  readonly divisor: number;
  /** Subtracted afterwards, by the network's channel. */
  readonly shift: readonly [number, number, number];
}

/** Keras' mode "caffe": blue, green, red, less ImageNet's means. */
export const caffe: Preprocessing = {
  name: "caffe",
  order: [2, 1, 0],
  divisor: 1,
  shift: [103.939, 116.779, 123.68],
};

/** Keras' mode "tf": x / 127.5 − 1. */
export const minusOneToOne: Preprocessing = {
  name: "tf",
  order: [0, 1, 2],
  divisor: 127.5,
  shift: [1, 1, 1],
};

/** EfficientNet-Lite's: (x − 127) / 128. */
export const by128: Preprocessing = {
  name: "by128",
  order: [0, 1, 2],
  divisor: 128,
  shift: [127 / 128, 127 / 128, 127 / 128],
};

/** Preprocesses bytes as the network wants them, by a table of the 256 values of each channel. */
export class Preprocessor {
  readonly #tables: Float32Array[];
  readonly #order: readonly [number, number, number];

  constructor({ order, divisor, shift }: Preprocessing) {
    this.#order = order;
    // Rounded to float32 after each operation, as NumPy and TensorFlow do.
    this.#tables = shift.map((less) =>
      Float32Array.from(
        { length: 256 },
        (_, byte) => Math.fround(byte / divisor) - Math.fround(less),
      )
    );
  }

  /**
   * @param pixels RGB bytes [photos, height, width, 3]
   * @param values filled with as many numbers, the network's channels last
   */
  run(pixels: Uint8Array, values: Float32Array): void {
    const [first, second, third] = this.#tables;
    const [from0, from1, from2] = this.#order;
    for (let i = 0; i < pixels.length; i += 3) {
      values[i] = first[pixels[i + from0]];
      values[i + 1] = second[pixels[i + from1]];
      values[i + 2] = third[pixels[i + from2]];
    }
  }
}
