import { join } from "node:path";
import type { Listener } from "../../progress/mod.ts";
import {
  AllowedHosts,
  digestFile,
  digestJson,
  download,
  exists,
  sha256,
  userCacheFolder,
} from "../../storage/mod.ts";
import { checkRecorded } from "../weights/official_weights.ts";
import type { OnnxSettings } from "./settings.ts";

/** Whether weights are named by a web address. */
export function isAddress(weights: string): boolean {
  return /^https?:\/\//i.test(weights);
}

/** Where the file of a web address is kept, once per user. */
export function keptPath(
  address: string,
  folder: string = join(userCacheFolder(), "weights"),
): string {
  const name = new URL(address).pathname.split("/").at(-1)!.replace(/[^\w.-]/g, "_");
  const digest = sha256(new TextEncoder().encode(address)).slice(0, 12);
  return join(folder, `${digest}-${name}`);
}

/**
 * The ONNX file that the settings name, downloaded once if it is a web address. No publisher's
 * checksum is known: the file must stay what it was when it came.
 *
 * @param folder where to keep it; default `weights` in the user's cache
 * @throws {Deno.errors.NotFound} if there is no such file
 * @throws {Error} if it cannot be downloaded, or has changed since
 */
export async function onnxFile(
  { weights, weightsHosts }: OnnxSettings,
  { onProgress, say, signal }: Listener,
  folder?: string,
): Promise<{ path: string; digest: string }> {
  if (!isAddress(weights)) {
    if (!await exists(weights)) {
      throw new Deno.errors.NotFound(
        `encoder.weights is "${weights}", but there is no file of that name: set it to an ONNX file`,
      );
    }
    return { path: weights, digest: await digestOf(weights) };
  }
  const path = keptPath(weights, folder);
  const isThere = await exists(path);
  if (!isThere) say?.(`Downloading the encoder from ${weights} to ${path}`);
  const hosts = new AllowedHosts([weights], {
    named: weightsHosts,
    setting: "encoder.weightsHosts",
  });
  const progress = isThere ? undefined : onProgress;
  await download(weights, path, { hosts, onProgress: progress, say, signal });
  await checkRecorded(path, say);
  return { path, digest: await digestOf(path) };
}

/** Of the file, and of that with its numbers where they are in one of their own. */
async function digestOf(path: string): Promise<string> {
  const digest = await digestFile(path);
  for (const numbers of [`${path}_data`, `${path}.data`]) {
    if (await exists(numbers)) return digestJson([digest, await digestFile(numbers)]);
  }
  return digest;
}
