import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isNotFound } from "../storage/mod.ts";
import { installedLibrary } from "./installed_library.ts";
import { pythonFolders } from "./python_folders.ts";

/** Where a TensorFlow library may be. */
export interface Candidate {
  /** Who put it there, for messages. */
  origin: string;
  /** The library; a bare name is looked for by the system's loader. */
  path: string;
  /** libtensorflow_framework of the same build, where the library needs one. */
  framework?: string;
  /** The folder of `setup` that it is in, where its files are recorded. */
  setupFolder?: string;
}

const IS_MAC = Deno.build.os === "darwin";
const CC = IS_MAC ? "libtensorflow_cc.2.dylib" : "libtensorflow_cc.so.2";
const C = IS_MAC ? "libtensorflow.2.dylib" : "libtensorflow.so.2";
const SYSTEM = "the system's library path";
const FRAMEWORK = IS_MAC ? "libtensorflow_framework.2.dylib" : "libtensorflow_framework.so.2";

/**
 * The TensorFlow libraries to try, in this order, each looked for when its turn comes:
 * `SHOWTELL_TENSORFLOW` (then nothing else), the one that `setup` downloaded, the active Python
 * environment, the system's library path, and the package's own folder.
 *
 * @throws {Error} if `SHOWTELL_TENSORFLOW` names a path without TensorFlow
 */
export function* locateTensorFlow(): Generator<Candidate> {
  const named = Deno.env.get("SHOWTELL_TENSORFLOW");
  if (named) {
    // As a path: a bare name would send the loader along its own folders.
    const path = resolve(named);
    const candidate = librariesIn("SHOWTELL_TENSORFLOW", path)[0] ??
      asFile(path, "SHOWTELL_TENSORFLOW");
    if (candidate === undefined) {
      throw new Error(
        `SHOWTELL_TENSORFLOW is ${named}, but there is neither ${CC} nor ${C}: ` +
          `give that file, or the folder it lies in`,
      );
    }
    yield candidate;
    return;
  }
  for (const gpu of [true, false]) {
    const folder = installedLibrary(gpu);
    if (folder === undefined) continue;
    for (const library of librariesIn(gpu ? "setup (GPU)" : "setup", folder)) {
      yield { ...library, setupFolder: folder };
    }
  }
  for (const folder of pythonFolders()) {
    yield* librariesIn("the active Python environment", join(folder, "tensorflow"));
  }
  // By path where it can be: only then is the library known before it is opened.
  const found = searchedFolders().filter((folder) => kindOf(join(folder, C)) === "file");
  for (const folder of found) yield asFile(join(folder, C), SYSTEM)!;
  if (found.length === 0) yield { origin: SYSTEM, path: C };
  const folder = packageFolder();
  if (folder !== undefined) yield* librariesIn("the package's own folder", folder);
}

/** The candidate that the folder, its `lib` or its `tensorflow` holds, if any. */
export function librariesIn(origin: string, folder: string): Candidate[] {
  for (const inner of [folder, join(folder, "lib"), join(folder, "tensorflow")]) {
    for (const name of [CC, C]) {
      if (kindOf(join(inner, name)) !== "file") continue;
      const framework = join(inner, FRAMEWORK);
      return [{
        origin,
        path: join(inner, name),
        ...(exists(framework) ? { framework } : {}),
      }];
    }
  }
  return [];
}

function asFile(path: string, origin: string): Candidate | undefined {
  if (kindOf(path) !== "file") return undefined;
  const framework = join(path, "..", FRAMEWORK);
  return {
    origin,
    path,
    ...(exists(framework) ? { framework } : {}),
  };
}

function searchedFolders(): string[] {
  const path = Deno.env.get(IS_MAC ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH") ?? "";
  return path.split(":").filter((folder) => folder !== "").concat("/usr/local/lib", "/usr/lib");
}

function packageFolder(): string | undefined {
  const manifest = import.meta.resolve("@tensorflow/tfjs-node-gpu/package.json");
  return manifest.startsWith("file:") ? join(fileURLToPath(manifest), "..", "deps") : undefined;
}

function exists(path: string): boolean {
  return kindOf(path) !== undefined;
}

/** What is at a path. One that may not be seen counts as a file: the loader says what is wrong. */
function kindOf(path: string): "file" | "folder" | undefined {
  try {
    return Deno.statSync(path).isDirectory ? "folder" : "file";
  } catch (error) {
    if (isNotFound(error)) return undefined;
    if (error instanceof Deno.errors.PermissionDenied) return "file";
    throw error;
  }
}
