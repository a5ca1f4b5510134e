/** Options of `Deno.Command` that concern environment variables. */
export interface ChildEnvironment {
  /** Whether the child gets `env` alone. */
  clearEnv?: boolean;
  /** Its variables. */
  env?: Record<string, string>;
}

const LOADER = /^(LD|DYLD)_/;

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
  return kept.length === variables.length ? {} : { clearEnv: true, env: Object.fromEntries(kept) };
}
