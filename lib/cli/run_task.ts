import { UsageError } from "./usage_error.ts";

/** Options of {@linkcode runTask}. */
export interface RunTaskOptions {
  /** Arguments of the task. @default {Deno.args} */
  argv?: string[];
  /**
   * Milliseconds that the program may take to end after an interrupt, which aborts the signal: time
   * to finish the file that is being written. @default {5000}
   */
  grace?: number;
}

/**
 * Milliseconds within which one interrupt arrives twice: a terminal sends it both to `deno task`,
 * which passes it on, and to us.
 */
const ECHO = 1000;

const INTERRUPTS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs the main function of a `deno task` and exits the program with the code that all tasks share:
 * 0 after success; 1 after a failure, reported in one sentence on standard error; 2 after wrong use;
 * 130 or 143 after an interrupt.
 *
 * Commander's errors are wrong use; `--debug` among the arguments adds the stack. A second
 * interrupt, a second or more after the first, exits at once.
 *
 * @param main the task; its signal is aborted by the first interrupt
 */
export async function runTask(
  main: (argv: string[], signal: AbortSignal) => Promise<void>,
  options: RunTaskOptions = {},
): Promise<void> {
  const { argv = Deno.args, grace = 5000 } = options;
  const interrupt = new AbortController();
  let interrupted: number | undefined;
  let first = Infinity;
  for (const [name, code] of Object.entries(INTERRUPTS)) {
    Deno.addSignalListener(name as Deno.Signal, () => {
      if (interrupted !== undefined) {
        if (performance.now() - first >= ECHO) Deno.exit(interrupted);
        return;
      }
      interrupted = code;
      first = performance.now();
      interrupt.abort(new DOMException(`Interrupted by ${name}`, "AbortError"));
      if (grace === 0) Deno.exit(interrupted);
      setTimeout(() => Deno.exit(interrupted), grace);
    });
  }
  const debug = argv.includes("--debug");
  const fail = (error: unknown): never => Deno.exit(interrupted ?? report(error, debug));
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    fail(event.reason);
  });
  try {
    await main(argv, interrupt.signal);
  } catch (error) {
    fail(error);
  }
  // Not left to the event loop, which native threads and signal listeners may keep alive.
  Deno.exit(interrupted ?? 0);
}

/** Prints the error on standard error and returns the exit code. */
function report(error: unknown, debug: boolean): number {
  const { code, exitCode } = error as { code?: unknown; exitCode?: unknown };
  if (typeof code === "string" && code.startsWith("commander.")) {
    return exitCode === 0 ? 0 : 2; // it has printed its message or the help itself
  }
  const message = error instanceof Error && error.message !== "" ? error.message : String(error);
  console.error(`Error: ${message}`);
  if (error instanceof UsageError) console.error("See --help for the options and their defaults.");
  if (debug) console.error(error);
  return error instanceof UsageError ? 2 : 1;
}
