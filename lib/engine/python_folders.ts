import { basename, dirname, join } from "node:path";
import { isNotFound } from "../storage/mod.ts";

/**
 * Folders of packages of the active Python, in the order in which it searches them: that of
 * `VIRTUAL_ENV` or `CONDA_PREFIX`, otherwise the `python3` that PATH or pyenv chooses. No Python is
 * started: a task may run no other program than `deno`.
 */
export function pythonFolders(): string[] {
  const given = (Deno.env.get("PYTHONPATH") ?? "").split(":").filter((folder) => folder !== "");
  const environment = Deno.env.get("VIRTUAL_ENV") || Deno.env.get("CONDA_PREFIX");
  if (environment) return given.concat(packagesIn(environment));
  const python = activePython();
  return python === undefined ? given : given.concat(packagesOf(python));
}

/** The first `python3` on PATH; where that is pyenv's stand-in, the one of the chosen version. */
function activePython(): string | undefined {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    const path = join(folder, "python3");
    if (folder === "" || !isFile(path)) continue;
    return basename(folder) === "shims" ? pyenvPython(dirname(folder)) : path;
  }
}

function pyenvPython(root: string): string | undefined {
  const chosen = Deno.env.get("PYENV_VERSION") ?? readText(join(root, "version")) ?? "";
  return chosen.split(/[\s:]+/).filter((version) => version !== "" && version !== "system")
    .map((version) => join(root, "versions", version, "bin", "python3")).find(isFile);
}

/** A virtual environment's own folder, or those of the installation that the program belongs to. */
function packagesOf(python: string): string[] {
  const prefix = join(dirname(python), "..");
  if (isFile(join(prefix, "pyvenv.cfg"))) return packagesIn(prefix);
  const real = Deno.realPathSync(python);
  const version = /^python3\.\d+$/.exec(basename(real))?.[0];
  const home = Deno.env.get("HOME");
  return [
    ...home ? packagesIn(join(home, ".local"), version) : [],
    ...packagesIn(join(dirname(real), "..", "local"), version), // of Debian's Python, in /usr
    ...packagesIn(join(dirname(real), ".."), version),
    join(dirname(real), "..", "lib", "python3", "dist-packages"),
  ];
}

/** `lib/python3.12/site-packages` in a folder, and what Debian calls so. */
function packagesIn(prefix: string, version?: string): string[] {
  const lib = join(prefix, "lib");
  return namesIn(lib)
    .filter((name) => version === undefined ? /^python3\.\d+$/.test(name) : name === version)
    .flatMap((name) => ["site-packages", "dist-packages"].map((kind) => join(lib, name, kind)));
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch (error) {
    if (isNotFound(error) || error instanceof Deno.errors.PermissionDenied) return [];
    throw error;
  }
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path).trim();
  } catch {
    return undefined; // pyenv itself takes the system's then
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
