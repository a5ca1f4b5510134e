import type { EncodedBatch } from "../features/mod.ts";
import type { PhotoFeatures } from "./photo_features.ts";
import { concatenate } from "./concatenate.ts";
import { sideBySide } from "./side_by_side.ts";

/** Photos whose features are joined at once. */
const BATCH = 64;

type PhotoOf = EncodedBatch<{ path: string }>["photos"][number];

/**
 * Features of several encoders side by side, each photo read once an encoder; a photo that one of
 * them cannot read has none. Owns them from now on.
 */
export function joinedFeatures(parts: readonly PhotoFeatures[]): PhotoFeatures {
  return {
    async of(photos) {
      const features: Float32Array[] = [];
      for (const part of parts) features.push(await part.of(photos));
      return sideBySide(features, photos.length);
    },
    async *batches(photos) {
      const readers = parts.map((part) => onePhotoAtATime(part.batches(photos)));
      let joined: { photo: PhotoOf; feature: Float32Array }[] = [];
      const batch = () => {
        const read = joined.filter(({ photo }) => photo.unusable === undefined);
        return {
          photos: joined.map(({ photo }) => photo),
          features: concatenate(Float32Array, read.map(({ feature }) => feature)),
        };
      };
      try {
        for (const _ of photos) {
          const read = [];
          for (const reader of readers) read.push((await reader.next()).value!);
          const photo = read.find(({ photo }) => photo.unusable !== undefined) ?? read[0];
          const features = photo.photo.unusable === undefined
            ? read.map(({ feature }) => feature!)
            : [];
          joined.push({ photo: photo.photo, feature: concatenate(Float32Array, features) });
          if (joined.length < BATCH) continue;
          yield batch();
          joined = [];
        }
        if (joined.length > 0) yield batch();
      } finally {
        for (const reader of readers) await reader.return(undefined);
      }
    },
    dispose: () => parts.forEach((part) => part.dispose()),
  };
}

async function* onePhotoAtATime(
  batches: AsyncIterable<EncodedBatch<{ path: string }>>,
): AsyncGenerator<{ photo: PhotoOf; feature?: Float32Array }, undefined> {
  for await (const { photos, features } of batches) {
    const usable = photos.filter(({ unusable }) => unusable === undefined).length;
    const size = usable === 0 ? 0 : features.length / usable;
    let at = 0;
    for (const photo of photos) {
      if (photo.unusable !== undefined) yield { photo };
      else yield { photo, feature: features.slice(at, at += size) };
    }
  }
}
