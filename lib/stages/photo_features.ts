import type { NetworkEncoder } from "../config/mod.ts";
import type { Encoder } from "../encoders/mod.ts";
import { encodeBatches, type EncodedBatch } from "../features/mod.ts";
import { decodePhoto, UnreadablePhotoError } from "../images/mod.ts";
import { openFeaturesFile } from "../interchange/mod.ts";
import { checkFileShape, type FeatureTaker } from "./check_features.ts";
import { concatenate } from "./concatenate.ts";
import { findEntries } from "./match_entries.ts";

/** Photos whose features are read at once. */
const BATCH = 64;

/** What gives the features of photos that are to be captioned. */
export interface PhotoFeatures {
  /**
   * Features of photos, each a path or a file's bytes.
   *
   * @returns features [photos, ...featureShape]
   * @throws {UnreadablePhotoError} if one has none
   */
  of(photos: readonly (string | Uint8Array)[]): Promise<Float32Array>;
  /** Features of any number of photos, batch by batch, in their order. */
  batches(photos: readonly string[]): AsyncIterable<EncodedBatch<{ path: string }>>;
  /** Frees what it holds. */
  dispose(): void;
}

/** Features of photos that a network encodes; it is disposed of with them. */
export function encodedFeatures(encoder: Encoder, settings: NetworkEncoder): PhotoFeatures {
  return {
    async of(photos) {
      const pixels = await Promise.all(photos.map((photo) => decodePhoto(photo, settings)));
      return await encoder.encode(concatenate(Uint8Array, pixels), photos.length);
    },
    batches(photos) {
      const options = { images: settings, batchSize: settings.batchSize };
      return encodeBatches(encoder, options, [photos.map((path) => ({ path }))]);
    },
    dispose: () => encoder.dispose(),
  };
}

/**
 * Features that a file has by photo name; the photos themselves are not read.
 *
 * @throws {RangeError} if they are not of the shape that the decoder takes
 */
export async function listedFeatures(path: string, taker: FeatureTaker): Promise<PhotoFeatures> {
  const file = await openFeaturesFile(path);
  try {
    checkFileShape(path, file.featureShape, taker);
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
  const find = (names: readonly string[]) => {
    const { positions, reasons } = findEntries(
      file,
      names.map((photo) => ({ digest: photo, photo, path: photo })),
    );
    const example = `which names its photos as ${file.names[0]}`;
    return {
      positions,
      why: new Map(reasons.map(({ photo, reason }) => [photo, `it ${reason}, ${example}`])),
    };
  };
  const read = async (indices: number[]) => {
    const features: Float32Array[] = [];
    for await (const { feature } of file.entries(indices)) features.push(feature);
    return concatenate(Float32Array, features);
  };
  return {
    async of(photos) {
      const names = photos.map((photo) => {
        if (typeof photo === "string") return photo;
        throw new UnreadablePhotoError("The photo", `it has no name to look up in ${path}`);
      });
      const { positions, why } = find(names);
      for (const [photo, reason] of why) throw new UnreadablePhotoError(photo, reason);
      return await read(names.map((name) => positions.get(name)!));
    },
    async *batches(photos) {
      const { positions, why } = find(photos);
      for (let at = 0; at < photos.length; at += BATCH) {
        const names = photos.slice(at, at + BATCH);
        yield {
          photos: names.map((name) => {
            const reason = why.get(name);
            return { photo: { path: name }, ...reason !== undefined && { unusable: { reason } } };
          }),
          features: await read(names.flatMap((name) => positions.get(name) ?? [])),
        };
      }
    },
    dispose: () => file[Symbol.dispose](),
  };
}
