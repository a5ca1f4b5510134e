/** Options of `Deno.Command` that concern environment variables. */
export interface ChildEnvironment {
  /** Whether the child gets `env` alone. */
  clearEnv?: boolean;
  /** Its variables. */
  env?: Record<string, string>;
}

const LOADER = /^(LD|DYLD)_/;

/** Tells a process of ours what `LD_LIBRARY_PATH` was. */
const FOLDERS = "SHOWTELL_LOADER_FOLDERS";

/**
 * The environment of a process that this one starts. Deno lets a program that may run only certain
 * commands start none while a variable of the system's loader (`LD_LIBRARY_PATH`, common where CUDA
 * is) is set: those are left out then.
 */
export function childEnvironment(): ChildEnvironment {
  if (Deno.permissions.querySync({ name: "run" }).state === "granted") return {};
  if (Deno.permissions.querySync({ name: "env" }).state !== "granted") return {};
  const variables = Object.entries(Deno.env.toObject());
  const kept = variables.filter(([name]) => !LOADER.test(name));
  if (kept.length === variables.length) return {};
  const folders = Deno.env.get("LD_LIBRARY_PATH");
  if (folders !== undefined) kept.push([FOLDERS, folders]);
  return { clearEnv: true, env: Object.fromEntries(kept) };
}

/** The folders in which the loader of the process that started this one looks first. */
export function loaderFolders(): string[] {
  return (Deno.env.get(FOLDERS) ?? "").split(":").filter((folder) => folder !== "");
}
