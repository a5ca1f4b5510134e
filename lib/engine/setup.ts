import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Listener } from "../progress/mod.ts";
import { fetchWheel, runPip, runUv, uvPlatform, watchSize } from "../packages/mod.ts";
import { DamagedFileError } from "../storage/mod.ts";
import type { EngineListener } from "./engine.ts";
import { findGpu } from "./find_gpu.ts";
import { describeGpu } from "./gpu.ts";
import { installedLibrary, setupFolder, TENSORFLOW_VERSION } from "./installed_library.ts";
import { librariesIn } from "./locate.ts";
import {
  AlteredLibraryError,
  checkLibrary,
  isKnownLibrary,
  recordLibrary,
} from "./library_record.ts";
import { rememberedTrial } from "./remembered_trial.ts";
import { seesGpu, type Trial } from "./try_library.ts";
import { CUDA_DRIVER, CUDA_PLATFORMS, setupProblem, wheelHere } from "./wheels.ts";

/** Files of a wheel that are kept: the two libraries and their licences. */
const KEPT = /(^tensorflow\/libtensorflow_(cc|framework)\.|THIRD_PARTY_NOTICES|LICENSE|METADATA$)/;

/**
 * Downloads TensorFlow's native library with pip or, where pip is missing, with uv. The library is
 * pinned by version and hash; its folder appears only when complete.
 *
 * @param options.gpu the CUDA build with the libraries it needs (Linux x86-64)
 * @returns the library's folder
 * @throws {Error} if neither pip nor uv is installed, the download fails, or the library cannot be
 * used on this machine
 */
export async function setup(
  options: { gpu?: boolean } & Pick<Listener, "say" | "signal"> = {},
): Promise<string> {
  const { gpu = false, say = () => {}, signal } = options;
  const folder = setupFolder(gpu);
  if (installedLibrary(gpu) && await isWhole(folder, say)) {
    say(`TensorFlow ${TENSORFLOW_VERSION} is already in ${folder}`);
    await checkThatItWorks(folder, gpu, say);
    return folder;
  }
  const problem = setupProblem(gpu);
  if (problem !== undefined) throw new Error(problem);
  const parent = join(folder, "..");
  await Deno.mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const work = await Deno.makeTempDir({ dir: parent, prefix: PREFIX });
  try {
    say(
      gpu
        ? `Downloading TensorFlow ${TENSORFLOW_VERSION} for CUDA (3.4 GB to download, ` +
          `6.3 GB on disk, once per user)`
        : `Downloading TensorFlow ${TENSORFLOW_VERSION} (${wheelHere()!.megabytes} MB to ` +
          `download, 850 MB on disk, once per user)`,
    );
    const whole = gpu
      ? await installCuda(work, { say, signal })
      : await fetchWheel(wheelHere()!, work, { what: "TensorFlow", keep: isKept, say, signal });
    await recordLibrary(whole);
    // What stays is what another process has put there meanwhile.
    if (installedLibrary(gpu) && !await isIntact(folder)) {
      await Deno.rename(folder, join(work, "replaced"));
    }
    await Deno.rename(whole, folder).catch((error) => {
      if (!installedLibrary(gpu)) throw error; // otherwise another process was faster
    });
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  say(`TensorFlow ${TENSORFLOW_VERSION} is in ${folder}`);
  await checkThatItWorks(folder, gpu, say);
  return folder;
}

/** Whether a library that is there can stay; what an earlier version downloaded is recorded. */
async function isWhole(folder: string, say: Required<Listener>["say"]): Promise<boolean> {
  let why = `${folder} has no record of its files, and is not known`;
  try {
    const state = await checkLibrary(folder);
    if (state === "recorded") return true;
    if (state === "touched" || await isKnownLibrary(folder)) {
      say(`Recording what is in ${folder}`);
      await recordLibrary(folder);
      return true;
    }
  } catch (error) {
    const isOther = error instanceof AlteredLibraryError || error instanceof DamagedFileError;
    if (!isOther) throw error;
    why = error.message;
  }
  say(`${why.replace(/:[^:]*$/, "")}: it is downloaded again`);
  return false;
}

async function isIntact(folder: string): Promise<boolean> {
  return await checkLibrary(folder).then((state) => state !== "unrecorded", () => false);
}

/** @throws {Error} if the library cannot be used on this machine, with the reason */
async function checkThatItWorks(
  folder: string,
  gpu: boolean,
  say: Required<Listener>["say"],
): Promise<void> {
  const [candidate] = librariesIn("setup", folder);
  const found = findGpu();
  const trial: Trial | undefined = candidate === undefined
    ? { problem: "its library is missing" }
    : await rememberedTrial(candidate, found, { again: true });
  if (trial?.problem !== undefined) {
    throw new Error(
      `${trial.problem}. ` +
        (trial.crashes
          ? "Give another build of TensorFlow by SHOWTELL_TENSORFLOW, or set SHOWTELL_ENGINE=wasm"
          : `Delete ${folder} and run again`),
    );
  }
  if (gpu && trial !== undefined && !seesGpu(trial)) {
    const what = found === undefined ? "no NVIDIA GPU was found" : describeGpu(found);
    say(`It computes on the CPU here: ${what}; ${CUDA_DRIVER}`);
  }
}

function isKept(name: string): boolean {
  return KEPT.test(name);
}

/** About what the CUDA build and all that it needs take on disk. */
const CUDA_MEGABYTES = 6300;

/** Prefix of the names of folders that are being filled. */
const PREFIX = ".setup-";

/** Deletes what killed setups left behind: folders unchanged for an hour. */
async function removeAbandoned(parent: string): Promise<void> {
  for await (const { name } of Deno.readDir(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const { mtime } = await Deno.stat(join(parent, name));
    if (mtime !== null && Date.now() - mtime.getTime() > 3_600_000) {
      await Deno.remove(join(parent, name), { recursive: true });
    }
  }
}

/**
 * The CUDA build finds its libraries relative to itself, so site-packages' layout is kept. The wheels
 * are those of `cuda_requirements.txt`, as the CPU build's is pinned in `wheels.ts`.
 */
async function installCuda(work: string, { say, signal }: EngineListener): Promise<string> {
  const site = join(work, "site");
  const requirements = fileURLToPath(new URL("cuda_requirements.txt", import.meta.url));
  const pinned = ["--no-deps", "--require-hashes", "-r", requirements];
  const platform = ["--python-version", "3.12", "--implementation", "cp", "--abi", "cp312"];
  const platforms = CUDA_PLATFORMS.flatMap((tag) => ["--platform", tag]);
  const client = { what: "TensorFlow", work, signal };
  using _ = watchSize(work, CUDA_MEGABYTES, say);
  const done = await runPip(
    ["install", "--quiet", "--no-compile", "--only-binary=:all:", "--target", site, ...platform]
      .concat(platforms, pinned),
    client,
  );
  if (!done) await runUv(["--python-platform", uvPlatform(), ...pinned], site, client);
  return site;
}
