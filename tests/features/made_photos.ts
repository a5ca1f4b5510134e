import { join } from "node:path";
import type { Encoder } from "../../lib/encoders/mod.ts";
import type { PhotoSource } from "../../lib/features/mod.ts";
import { sha256 } from "../../lib/storage/mod.ts";

/** Writes `count` photos of one colour each into a folder; no two are equal. */
export async function makePhotos(folder: string, count: number): Promise<PhotoSource[]> {
  const { default: sharp } = await import("sharp");
  await Deno.mkdir(folder, { recursive: true });
  return await Promise.all(Array.from({ length: count }, async (_, i) => {
    const background = { r: i % 256, g: (i >> 8) * 40, b: 7 };
    const bytes = await sharp({ create: { width: 16, height: 16, channels: 3, background } })
      .png().toBuffer();
    const path = join(folder, `${i}.png`);
    await Deno.writeFile(path, bytes);
    return { digest: sha256(bytes), path };
  }));
}

/** Writes a file that is not a photo. */
export async function makeText(path: string, text: string): Promise<PhotoSource> {
  await Deno.writeTextFile(path, text);
  return { digest: sha256(text), path };
}

/** An encoder whose feature is a photo's first pixel and half of each value: [2, 3]. */
export class FirstPixelEncoder implements Encoder {
  readonly arithmetic = "float32";
  readonly kind = "first_pixel";
  readonly layer = "pixel";
  readonly imageSize = 8;
  readonly featureShape = [2, 3];
  readonly key = "first pixel";
  /** How many photos came with each call. */
  readonly batches: number[] = [];

  /** @param during what else happens in each call */
  constructor(readonly during: () => void | Promise<void> = () => {}) {}

  async encode(pixels: Uint8Array, photos: number): Promise<Float32Array> {
    this.batches.push(photos);
    await this.during();
    const features = new Float32Array(photos * 6);
    for (let i = 0; i < photos; i++) {
      for (let c = 0; c < 3; c++) {
        const value = pixels[i * 8 * 8 * 3 + c];
        features[i * 6 + c] = value;
        features[i * 6 + 3 + c] = value / 2;
      }
    }
    return features;
  }

  dispose(): void {}
}

/** The feature that FirstPixelEncoder gives to the i-th of makePhotos(). */
export function expectedFeature(i: number): number[] {
  const colour = [i % 256, (i >> 8) * 40, 7];
  return [...colour, ...colour.map((value) => value / 2)];
}
