/** Whether every one of these permissions is granted in full; never asks. */
export function granted(...names: ("read" | "write" | "ffi" | "net" | "run" | "env" | "sys")[]) {
  return names.every((name) => Deno.permissions.querySync({ name }).state === "granted");
}
