import { join } from "node:path";
import { digestFile } from "../storage/mod.ts";
import type { Listener } from "../listener/mod.ts";

/**
 * SHA-256 of each photo file, or the error that reading it gave; several files are read at once,
 * each in pieces.
 */
export async function digestPhotos(
  folder: string,
  photos: readonly string[],
  options: Omit<Listener, "say"> = {},
): Promise<Map<string, string | Error>> {
  const digests = new Map<string, string | Error>(photos.map((photo) => [photo, ""]));
  let next = 0;
  let done = 0;
  const digestSome = async () => {
    while (next < photos.length) {
      options.signal?.throwIfAborted();
      const photo = photos[next++];
      digests.set(photo, await digestFile(join(folder, photo)).catch((error) => error));
      options.onProgress?.("Photos", ++done, photos.length);
    }
  };
  await Promise.all(Array.from({ length: 8 }, digestSome));
  return digests;
}
