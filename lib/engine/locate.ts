import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isNotFound } from "../storage/mod.ts";
import { installedLibrary } from "./installed_library.ts";

/** Where a TensorFlow library may be. */
export interface Candidate {
  /** Who put it there, for messages. */
  origin: string;
  /** The library; a bare name is looked for by the system's loader. */
  path: string;
  /** libtensorflow_framework of the same build, where the library needs one. */
  framework?: string;
}

const IS_MAC = Deno.build.os === "darwin";
const CC = IS_MAC ? "libtensorflow_cc.2.dylib" : "libtensorflow_cc.so.2";
const C = IS_MAC ? "libtensorflow.2.dylib" : "libtensorflow.so.2";
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
    const candidate = inFolder("SHOWTELL_TENSORFLOW", named)[0] ?? asFile(named);
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
    if (folder !== undefined) yield* inFolder(gpu ? "setup (GPU)" : "setup", folder);
  }
  for (const folder of pythonFolders()) yield* inFolder("the active Python environment", folder);
  yield { origin: "the system's library path", path: C };
  const folder = packageFolder();
  if (folder !== undefined) yield* inFolder("the package's own folder", folder);
}

/** The candidate that the folder, its `lib` or its `tensorflow` holds, if any. */
function inFolder(origin: string, folder: string): Candidate[] {
  for (const inner of [folder, join(folder, "lib"), join(folder, "tensorflow")]) {
    for (const name of [CC, C]) {
      if (!exists(join(inner, name))) continue;
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

function asFile(path: string): Candidate | undefined {
  if (!exists(path) || Deno.statSync(path).isDirectory) return undefined;
  const framework = join(path, "..", FRAMEWORK);
  return {
    origin: "SHOWTELL_TENSORFLOW",
    path,
    ...(exists(framework) ? { framework } : {}),
  };
}

function pythonFolders(): string[] {
  const environment = Deno.env.get("VIRTUAL_ENV") ?? Deno.env.get("CONDA_PREFIX");
  if (environment !== undefined) {
    const lib = join(environment, "lib");
    if (!exists(lib)) return [];
    return [...Deno.readDirSync(lib)]
      .filter((entry) => entry.name.startsWith("python"))
      .map((entry) => join(lib, entry.name, "site-packages", "tensorflow"));
  }
  try {
    const { success, stdout } = new Deno.Command("python3", {
      args: ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
      stderr: "null",
    }).outputSync();
    return success ? [join(new TextDecoder().decode(stdout).trim(), "tensorflow")] : [];
  } catch (error) {
    // No Python, or no permission to run it: there is nowhere to look.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return [];
    throw error;
  }
}

function packageFolder(): string | undefined {
  const manifest = import.meta.resolve("@tensorflow/tfjs-node-gpu/package.json");
  return manifest.startsWith("file:") ? join(fileURLToPath(manifest), "..", "deps") : undefined;
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
