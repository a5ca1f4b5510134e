import { join } from "node:path";
import { digestFile } from "../storage/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { eachOf } from "./each_of.ts";

/**
 * SHA-256 of each photo file, or the error of reading it; several files are read at once, each in
 * pieces.
 */
export async function digestPhotos(
  folder: string,
  photos: readonly string[],
  options: Omit<Listener, "say"> = {},
): Promise<Map<string, string | Error>> {
  const digests = new Map<string, string | Error>(photos.map((photo) => [photo, ""]));
  // With a new buffer for each of 200,000 photos, hundreds of megabytes would wait to be freed.
  const buffers: Uint8Array[] = [];
  let done = 0;
  await eachOf(photos, 8, async (photo) => {
    options.signal?.throwIfAborted();
    const buffer = buffers.pop() ?? new Uint8Array(1 << 18);
    const digest = digestFile(join(folder, photo), "sha256", buffer);
    digests.set(photo, await digest.catch((error) => error));
    buffers.push(buffer);
    options.onProgress?.("Photos", ++done, photos.length);
  });
  return digests;
}
