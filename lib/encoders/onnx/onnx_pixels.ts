import type { OnnxSettings } from "./settings.ts";

/** Turns bytes into a network's numbers, by a table of the 256 values of each channel. */
export class OnnxPixels {
  readonly #tables: Float32Array[];
  readonly #channelsLast: boolean;
  readonly #cells: number;

  constructor(
    { imageSize, rescale, mean, std }: Pick<OnnxSettings, "imageSize" | "rescale" | "mean" | "std">,
    channelsLast: boolean,
  ) {
    this.#channelsLast = channelsLast;
    this.#cells = imageSize ** 2;
    // In float32 after each operation, as the libraries' own preprocessing is.
    this.#tables = mean.map((less, channel) =>
      Float32Array.from(
        { length: 256 },
        (_, byte) =>
          Math.fround(Math.fround(byte * rescale) - Math.fround(less)) / Math.fround(std[channel]),
      )
    );
  }

  /**
   * @param pixels RGB bytes [photos, height, width, 3]
   * @param values filled from its start, in the network's layout
   */
  run(pixels: Uint8Array, values: Float32Array): void {
    const cells = this.#cells;
    for (let i = 0; i < pixels.length / 3; i++) {
      const photo = Math.floor(i / cells), cell = i % cells;
      for (let channel = 0; channel < 3; channel++) {
        const at = this.#channelsLast ? 3 * i + channel : (3 * photo + channel) * cells + cell;
        values[at] = this.#tables[channel][pixels[3 * i + channel]];
      }
    }
  }
}
