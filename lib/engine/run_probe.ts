import { fileURLToPath } from "node:url";
import { childEnvironment } from "../processes/mod.ts";

/** How a probe's process ended. */
export interface Probed {
  /** Whether its code ran at all. */
  began: boolean;
  /** The last line that it printed; undefined if it did not come to its end. */
  answer?: string;
  /** The signal that ended it. */
  signal: string | null;
  /** Its exit code. */
  code: number;
  /** Whether the loader looks for libraries there as it does in this process. */
  alike: boolean;
  /** What it, or the library that it loaded, wrote to standard error. */
  log: string;
}

/** What a probe prints first. */
const BEGAN = "began";

/**
 * Runs a script of this room in a Deno process of its own, which a native library may end without
 * harm to this one.
 *
 * @returns undefined if this process may start none, or finds no Deno
 */
export async function runProbe(
  script: "probe_arithmetic.ts" | "probe_gpu.ts" | "probe_library.ts",
  ...args: string[]
): Promise<Probed | undefined> {
  const environment = childEnvironment();
  const path = fileURLToPath(new URL(script, import.meta.url));
  // A task may run `deno` by its name alone, which fails where it is not on PATH.
  for (const command of [Deno.execPath(), "deno"]) {
    try {
      const { code, signal, stdout, stderr } = await new Deno.Command(command, {
        args: ["run", "--quiet", "--no-prompt", "--no-check", "--no-config", "--no-lock"]
          .concat("--allow-read", "--allow-ffi", "--allow-env", path, ...args),
        stdin: "null",
        ...environment,
      }).output();
      const lines = new TextDecoder().decode(stdout).trim().split("\n");
      return {
        began: lines.includes(BEGAN),
        answer: code === 0 ? lines.at(-1) : undefined,
        signal,
        code,
        log: new TextDecoder().decode(stderr),
        alike: environment.clearEnv !== true,
      };
    } catch (error) {
      const { NotCapable, NotFound } = Deno.errors;
      if (!(error instanceof NotCapable || error instanceof NotFound)) throw error;
    }
  }
}
