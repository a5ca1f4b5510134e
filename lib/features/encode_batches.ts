import { pMapIterable } from "p-map";
import type { Encoder } from "../encoders/mod.ts";
import type { ImageSettings } from "../images/mod.ts";
import { PhotoDecoder } from "./photo_decoder.ts";
import type { PhotoFile, UnusablePhoto } from "./read_photo.ts";

/** How photos are encoded. */
export interface EncodeOptions {
  /** How they are scaled to the encoder's size. */
  images: ImageSettings;
  /** Photos encoded at once. */
  batchSize: number;
}

/** Photos that were encoded at once, and those between them that could not be. */
export interface EncodedBatch<Photo> {
  /** In the order in which they were asked for. */
  photos: { photo: Photo; unusable?: UnusablePhoto }[];
  /** Features of those that are usable: [photos, ...featureShape]. */
  features: Float32Array;
}

/**
 * Features of photos, batch by batch: some are decoded, in another thread, while others are encoded.
 * No batch crosses the end of a group, so the photos of a batch follow from their order alone.
 *
 * @param groups photos of which the next group's are asked for ahead
 * @throws {Error} if a photo with a digest is gone or changed
 */
export async function* encodeBatches<Photo extends PhotoFile>(
  encoder: Pick<Encoder, "imageSize" | "featureShape" | "encode">,
  { images, batchSize }: EncodeOptions,
  groups: AsyncIterable<readonly Photo[]> | Iterable<readonly Photo[]>,
): AsyncGenerator<EncodedBatch<Photo>> {
  using decoder = new PhotoDecoder({ ...images, imageSize: encoder.imageSize });
  const ahead = 2 * batchSize - 1; // one batch is decoded while another is encoded
  const decoded = pMapIterable(photosOf(groups), async (asked) => {
    if ("error" in asked) throw asked.error;
    return { ...asked, pixels: await decoder.read(asked.photo) };
  }, { concurrency: ahead, backpressure: ahead });
  const photoLength = encoder.imageSize ** 2 * 3;
  const batch = new Uint8Array(batchSize * photoLength);
  let usable = 0;
  let photos: EncodedBatch<Photo>["photos"] = [];
  for await (const { photo, pixels, isLast } of decoded) {
    if (pixels instanceof Uint8Array) {
      batch.set(pixels, usable++ * photoLength);
      photos.push({ photo });
    } else {
      photos.push({ photo, unusable: pixels });
    }
    if (usable < batchSize && !isLast) continue;
    const features = usable === 0
      ? new Float32Array()
      : await encode(encoder, batch.subarray(0, usable * photoLength), usable);
    yield { photos, features };
    usable = 0;
    photos = [];
  }
}

interface AskedPhoto<Photo> {
  photo: Photo;
  /** Whether its group ends with it. */
  isLast: boolean;
}

/** Yields an error in its turn like a photo, as p-map would leave it unhandled until then. */
async function* photosOf<Photo>(
  groups: AsyncIterable<readonly Photo[]> | Iterable<readonly Photo[]>,
): AsyncGenerator<AskedPhoto<Photo> | { error: unknown }> {
  try {
    for await (const photos of groups) {
      for (const [i, photo] of photos.entries()) yield { photo, isLast: i === photos.length - 1 };
    }
  } catch (error) {
    yield { error };
  }
}

async function encode(
  encoder: Pick<Encoder, "featureShape" | "encode">,
  pixels: Uint8Array,
  photos: number,
): Promise<Float32Array> {
  const size = encoder.featureShape.reduce((size, dimension) => size * dimension, 1);
  const features = await encoder.encode(pixels, photos);
  if (features.length === photos * size) return features;
  const expected = `${photos} photos × ${size}`;
  throw new RangeError(`The encoder returned ${features.length} numbers, expected ${expected}`);
}
