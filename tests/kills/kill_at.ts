/**
 * Preloaded before a program: kills its process by SIGKILL at the file operation that KILL_AT counts
 * to, from 1. A write is then cut in half; of all others, nothing was done yet. Otherwise the number
 * of operations is printed at the end.
 */
const at = Number(Deno.env.get("KILL_AT") ?? 0);
let done = 0;

/** Counts an operation. @returns whether it is the last one */
function isLast(): boolean {
  return ++done === at;
}

function die(): never {
  Deno.kill(Deno.pid, "SIGKILL");
  while (true); // until the signal arrives
}

// deno-lint-ignore no-explicit-any -- functions of any shape are wrapped alike
type AnyFunction = (...args: any[]) => any;

function wrap(owner: Record<string, AnyFunction>, name: string): void {
  const original = owner[name];
  owner[name] = function (this: unknown, ...args) {
    if (isLast()) {
      if (name === "write" || name === "writeSync") {
        const [bytes] = args as [Uint8Array];
        (this as Deno.FsFile).writeSync(bytes.subarray(0, bytes.length >> 1));
      }
      die();
    }
    return original.apply(this, args);
  };
}

const operations = ["rename", "writeTextFile", "writeFile", "open", "remove", "mkdir", "truncate"];
for (const name of operations) {
  wrap(Deno as never, name);
  wrap(Deno as never, `${name}Sync`);
}
for (const name of ["write", "writeSync", "truncate", "sync", "syncSync"]) {
  wrap(Deno.FsFile.prototype as never, name);
}
globalThis.addEventListener("unload", () => console.log(`operations: ${done}`));
