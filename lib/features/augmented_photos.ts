import type { Encoder } from "../encoders/mod.ts";
import type { ImageSettings } from "../images/mod.ts";
import { Random } from "../random/mod.ts";
import { flipPixels } from "./flipped_photo.ts";
import { PhotoDecoder } from "./photo_decoder.ts";

/** How photos are changed each time that they are seen. */
export interface AugmentOptions {
  /** How they are scaled. */
  images: ImageSettings;
  /** They are decoded at so many times the encoder's size, of which a square is cut out; 1 or more. */
  scale: number;
  /** Whether half of them are mirrored. */
  flip: boolean;
  /** What the squares and mirror images are drawn from. */
  seed: number;
  /** Where a photo is. @param digest of its bytes */
  pathOf(digest: string): string;
}

/** Features of photos that are decoded and changed at random each time. */
export class AugmentedPhotos implements Disposable {
  readonly #encoder: Pick<Encoder, "imageSize" | "featureShape" | "encode">;
  readonly #options: AugmentOptions;
  readonly #decoder: PhotoDecoder;
  readonly #size: number;
  #ahead?: { photos: string; pixels: Promise<Uint8Array[]> };

  /** Starts a thread that decodes. */
  constructor(
    encoder: Pick<Encoder, "imageSize" | "featureShape" | "encode">,
    options: AugmentOptions,
  ) {
    this.#encoder = encoder;
    this.#options = options;
    this.#size = Math.round(options.scale * encoder.imageSize);
    this.#decoder = new PhotoDecoder({ ...options.images, imageSize: this.#size });
  }

  /** Shape of a photo's feature. */
  get featureShape(): readonly number[] {
    return this.#encoder.featureShape;
  }

  /**
   * Features of photos [photos, ...featureShape], in the order of their digests; those that come next
   * are decoded while these are encoded.
   *
   * @param path what is drawn anew each time, such as epoch and step
   * @throws {Error} if one cannot be read any more
   */
  async encode(
    digests: readonly string[],
    path: readonly (string | number)[],
    next: readonly string[],
  ): Promise<Float32Array> {
    const { imageSize } = this.#encoder;
    const begun = this.#ahead?.photos === String(digests) ? this.#ahead.pixels : undefined;
    const decoded = await (begun ?? this.#decode(digests));
    const pixels = this.#decode(next);
    pixels.catch(() => {}); // told when they are needed
    this.#ahead = { photos: String(next), pixels };
    const { seed, flip } = this.#options;
    const all = new Uint8Array(digests.length * imageSize ** 2 * 3);
    for (const [i, digest] of digests.entries()) {
      const random = new Random(seed, "augment", ...path, digest);
      const cut = randomSquare(decoded[i], this.#size, imageSize, random);
      if (flip && random.uniform() < 0.5) flipPixels(cut, imageSize);
      all.set(cut, i * cut.length);
    }
    return await this.#encoder.encode(all, digests.length);
  }

  /** Ends the thread. */
  [Symbol.dispose](): void {
    this.#decoder[Symbol.dispose]();
  }

  #decode(digests: readonly string[]): Promise<Uint8Array[]> {
    return Promise.all(digests.map(async (digest) => {
      const path = this.#options.pathOf(digest);
      const pixels = await this.#decoder.read({ path, digest });
      if (pixels instanceof Uint8Array) return pixels;
      throw new Error(`Photo ${path} cannot be read any more: ${pixels.reason}`);
    }));
  }
}

/**
 * A square of a photo, all of the same probability.
 *
 * @param pixels RGB [side, side, 3]
 * @returns RGB [size, size, 3]
 */
export function randomSquare(
  pixels: Uint8Array,
  side: number,
  size: number,
  random: Random,
): Uint8Array {
  const [top, left] = [random.integer(0, side - size + 1), random.integer(0, side - size + 1)];
  const square = new Uint8Array(size * size * 3);
  for (let row = 0; row < size; row++) {
    const from = ((top + row) * side + left) * 3;
    square.set(pixels.subarray(from, from + size * 3), row * size * 3);
  }
  return square;
}
