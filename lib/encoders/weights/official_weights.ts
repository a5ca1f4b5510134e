import { join } from "node:path";
import {
  AllowedHosts,
  digestFile,
  download,
  userCacheFolder,
  writeFileWhole,
} from "../../storage/mod.ts";
import type { Architecture } from "../architectures/architecture.ts";
import type { NetworkSettings } from "../settings.ts";
import type { Listener } from "../../progress/mod.ts";

/**
 * Downloads the file that Keras publishes for a network to the user's cache, once, and gives its path.
 * Without the fully connected layers it is much smaller, and taken where it suffices.
 *
 * @param folder where to keep it; default `weights` in the user's cache
 * @throws {RangeError} if nothing is published for the network
 * @throws {Error} if it cannot be downloaded, or is not what was published or had come before
 */
export async function downloadOfficialWeights(
  architecture: Architecture,
  { layer, weightsUrl, weightsHosts }: Pick<
    NetworkSettings,
    "layer" | "weightsUrl" | "weightsHosts"
  >,
  { onProgress, say, signal }: Listener,
  folder?: string,
): Promise<string> {
  const { kind, official, layers } = architecture;
  if (official === undefined) {
    throw new RangeError(
      `There are no ImageNet weights of ${kind}: set encoder.weights to "builtin", "random" or a file`,
    );
  }
  const placeOf = (name: string) => layers.findIndex((spec) => spec.name === name);
  const { file, md5 } = placeOf(layer) <= placeOf(official.noTop.until)
    ? official.noTop
    : official.top;
  const base = weightsUrl ?? official.base;
  const url = `${base.replace(/\/*$/, "/")}${file}`;
  const path = join(folder ?? join(userCacheFolder(), "weights"), file);
  const isThere = await Deno.stat(path).then(() => true, () => false);
  if (!isThere) say?.(`Downloading the ImageNet weights of ${kind} from ${url} to ${path}`);
  const hosts = new AllowedHosts([url], {
    named: weightsHosts,
    setting: "encoder.weightsHosts",
  });
  const progress = isThere ? undefined : onProgress;
  await download(url, path, { md5, hosts, onProgress: progress, say, signal });
  if (md5 === undefined) await checkRecorded(path, say);
  return path;
}

/** Where no checksum is published, the file must at least stay what it was when it came. */
export async function checkRecorded(path: string, say?: Listener["say"]): Promise<void> {
  const record = `${path}.sha256`;
  const found = await digestFile(path);
  const recorded = await Deno.readTextFile(record).then((text) => text.trim(), () => undefined);
  if (recorded === undefined) {
    await writeFileWhole(record, `${found}\n`);
    say?.(`Its publisher names no checksum; its sha256 is ${found}, recorded in ${record}`);
  } else if (recorded !== found) {
    throw new Error(
      `${path} has changed since it was downloaded (sha256 ${found} instead of ${recorded}): ` +
        "delete both to download it again",
    );
  }
}
