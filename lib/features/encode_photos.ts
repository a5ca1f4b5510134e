import { pMapIterable } from "p-map";
import type { Encoder } from "../encoders/mod.ts";
import type { ImageSettings } from "../images/mod.ts";
import type { FeatureSource } from "./feature_source.ts";
import { PhotoDecoder } from "./photo_decoder.ts";
import type { PhotoSource } from "./read_photo.ts";
import type { RejectRecord } from "./shard_record.ts";

/** How photos are encoded. */
export interface EncodeOptions {
  /** How they are scaled to the encoder's size. */
  images: ImageSettings;
  /** Photos encoded at once. */
  batchSize: number;
}

/**
 * Features from an encoder: photos are decoded while others are encoded. No batch crosses
 * the end of a shard, so the photos of a batch follow from their order alone.
 */
export function encodePhotos(encoder: Encoder, options: EncodeOptions): FeatureSource {
  return {
    featureShape: encoder.featureShape,
    maxPixels: options.images.maxPixels,
    features: (shards) => encode(encoder, options, shards),
  };
}

async function* encode(
  encoder: Encoder,
  { images, batchSize }: EncodeOptions,
  shards: AsyncIterable<readonly PhotoSource[]>,
): AsyncGenerator<Float32Array | RejectRecord> {
  using decoder = new PhotoDecoder({ ...images, imageSize: encoder.imageSize });
  const ahead = 2 * batchSize - 1; // one batch is decoded while another is encoded
  const decoded = pMapIterable(photosOf(shards), async (asked) => {
    if ("error" in asked) throw asked.error;
    return { pixels: await decoder.read(asked.photo), isLast: asked.isLast };
  }, { concurrency: ahead, backpressure: ahead });
  const photoLength = encoder.imageSize ** 2 * 3;
  const batch = new Uint8Array(batchSize * photoLength);
  let photos = 0;
  let answers: ("feature" | RejectRecord)[] = [];
  for await (const { pixels, isLast } of decoded) {
    if (pixels instanceof Uint8Array) {
      batch.set(pixels, photos++ * photoLength);
      answers.push("feature");
    } else {
      answers.push(pixels);
    }
    if (photos < batchSize && !isLast) continue;
    const features = photos === 0
      ? []
      : await encodeBatch(encoder, batch.subarray(0, photos * photoLength), photos);
    for (const answer of answers) yield answer === "feature" ? features.shift()! : answer;
    photos = 0;
    answers = [];
  }
}

interface AskedPhoto {
  photo: PhotoSource;
  /** Whether its shard ends with it. */
  isLast: boolean;
}

/** Yields an error in its turn like a photo, as p-map would leave it unhandled until then. */
async function* photosOf(
  shards: AsyncIterable<readonly PhotoSource[]>,
): AsyncGenerator<AskedPhoto | { error: unknown }> {
  try {
    for await (const photos of shards) {
      for (const [i, photo] of photos.entries()) yield { photo, isLast: i === photos.length - 1 };
    }
  } catch (error) {
    yield { error };
  }
}

async function encodeBatch(
  encoder: Encoder,
  pixels: Uint8Array,
  photos: number,
): Promise<Float32Array[]> {
  const size = encoder.featureShape.reduce((size, dimension) => size * dimension, 1);
  const features = await encoder.encode(pixels, photos);
  if (features.length !== photos * size) {
    const expected = `${photos} photos × ${size}`;
    throw new RangeError(`The encoder returned ${features.length} numbers, expected ${expected}`);
  }
  return Array.from({ length: photos }, (_, i) => features.subarray(i * size, (i + 1) * size));
}
