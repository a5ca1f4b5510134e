import type { NetworkEncoder } from "../config/mod.ts";
import type { Encoder } from "../encoders/mod.ts";
import { decodePhoto, UnreadablePhotoError } from "../images/mod.ts";
import { openFeaturesFile } from "../interchange/mod.ts";
import { findEntries } from "./match_entries.ts";

/** What gives the features of photos that are to be captioned. */
export interface PhotoFeatures {
  /**
   * Features of photos, each a path or a file's bytes.
   *
   * @returns features [photos, ...featureShape]
   * @throws {UnreadablePhotoError} if one has none
   */
  of(photos: readonly (string | Uint8Array)[]): Promise<Float32Array>;
  /** Frees what it holds. */
  dispose(): void;
}

/** Features of photos that a network encodes; it is disposed of with them. */
export function encodedFeatures(encoder: Encoder, settings: NetworkEncoder): PhotoFeatures {
  return {
    async of(photos) {
      const pixels = await Promise.all(photos.map((photo) => decodePhoto(photo, settings)));
      return await encoder.encode(joined(Uint8Array, pixels), photos.length);
    },
    dispose: () => encoder.dispose(),
  };
}

/** Features that a file has by photo name; the photos themselves are not read. */
export async function listedFeatures(path: string): Promise<PhotoFeatures> {
  const file = await openFeaturesFile(path);
  return {
    async of(photos) {
      const names = photos.map((photo) => {
        if (typeof photo === "string") return photo;
        throw new UnreadablePhotoError("The photo", `it has no name to look up in ${path}`);
      });
      const named = names.map((photo) => ({ digest: photo, photo, path: photo }));
      const { positions, reasons } = findEntries(file, named);
      if (reasons.length > 0) {
        const [{ photo, reason }] = reasons;
        const example = `which names its photos as ${file.names[0]}`;
        throw new UnreadablePhotoError(photo, `it ${reason}, ${example}`);
      }
      const features: Float32Array[] = [];
      const indices = names.map((name) => positions.get(name)!);
      for await (const { feature } of file.entries(indices)) features.push(feature);
      return joined(Float32Array, features);
    },
    dispose: () => file[Symbol.dispose](),
  };
}

function joined<Numbers extends Float32Array | Uint8Array>(
  type: new (length: number) => Numbers,
  parts: readonly Numbers[],
): Numbers {
  const whole = new type(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
