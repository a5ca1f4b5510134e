import { join } from "node:path";
import { z } from "zod";
import { digestFile, readRecord, unlessNotFound, writeRecord } from "../storage/mod.ts";
import { setupFolder } from "./installed_library.ts";
import { knownFiles } from "./wheels.ts";

/** A library that `setup` downloaded is not what it was: nothing else is taken in its place. */
export class AlteredLibraryError extends Error {
  /** The name of this class. */
  override name = "AlteredLibraryError";
}

/** Raised when something else is recorded. */
const FORMAT = 1;

/** What the system loads or runs of the CUDA build: libraries, programs, code for the GPU. */
const LOADED = /\.so(\.\d+)*$|\.dylib$|\.bc$|^nvidia\/.*\/bin\//;

const schema = z.strictObject({
  files: z.record(
    z.string(),
    z.strictObject({ size: z.number(), modified: z.number(), sha256: z.string() }),
  ),
});

/** Records what `setup` has downloaded into a folder: size, time and SHA-256 of each library. */
export async function recordLibrary(folder: string): Promise<void> {
  const files: z.infer<typeof schema>["files"] = {};
  for (const name of (await loadedFiles(folder)).sort()) {
    const path = join(folder, name);
    files[name] = { ...(await statOf(path))!, sha256: await digestFile(path) };
  }
  await writeRecord(recordPath(folder), FORMAT, { files });
}

/**
 * Whether a library that `setup` downloaded is what it was: by size and time, by SHA-256 where the
 * time differs.
 *
 * @param names further files that must be recorded
 * @returns "recorded"; "touched" if only times differ; "unrecorded" if an earlier version downloaded it
 * @throws {AlteredLibraryError} if a file is another
 * @throws {DamagedFileError} if the record cannot be read
 */
export async function checkLibrary(
  folder: string,
  names: readonly string[] = [],
): Promise<"recorded" | "touched" | "unrecorded"> {
  const record = await readRecord(recordPath(folder), {
    format: FORMAT,
    schema,
    remedy: `\`${setupCommand(folder)}\` downloads the library again`,
  });
  if (record === undefined) return "unrecorded";
  let touched = false;
  for (const [name, { size, modified, sha256 }] of Object.entries(record.files)) {
    const path = join(folder, name);
    const now = await statOf(path);
    if (now === undefined) throw altered(folder, path, "is gone");
    if (now.size === size && now.modified === modified) continue;
    if (now.size !== size || await digestFile(path) !== sha256) {
      throw altered(folder, path, "is not what was downloaded");
    }
    touched = true;
  }
  const unknown = names.find((name) => !Object.hasOwn(record.files, name));
  if (unknown !== undefined) throw altered(folder, join(folder, unknown), "was not downloaded");
  return touched ? "touched" : "recorded";
}

/** Whether a folder without a record has the very files of the CPU build. */
export async function isKnownLibrary(folder: string): Promise<boolean> {
  const known = folder === setupFolder(false) ? Object.entries(knownFiles()) : [];
  for (const [name, sha256] of known) {
    if (await digestFile(join(folder, name)).catch(unlessNotFound) !== sha256) return false;
  }
  return known.length > 0;
}

/** The task that downloads a folder's library. */
export function setupCommand(folder: string): string {
  return `deno task setup${folder === setupFolder(true) ? " --gpu" : ""}`;
}

function altered(folder: string, path: string, what: string): AlteredLibraryError {
  return new AlteredLibraryError(
    `${path} ${what}, and is not loaded: \`${setupCommand(folder)}\` downloads the library again`,
  );
}

function recordPath(folder: string): string {
  return join(folder, "library.json");
}

async function statOf(path: string): Promise<{ size: number; modified: number } | undefined> {
  const found = await Deno.stat(path).catch(unlessNotFound);
  return found && { size: found.size, modified: found.mtime?.getTime() ?? 0 };
}

async function loadedFiles(folder: string, inner = ""): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, inner))) {
    const path = inner === "" ? name : `${inner}/${name}`;
    if (isDirectory) names.push(...await loadedFiles(folder, path));
    else if (LOADED.test(path)) names.push(path);
  }
  return names;
}
