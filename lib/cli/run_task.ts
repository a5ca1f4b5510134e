import { oldDeno } from "./old_deno.ts";
import { printError, printErrorLine } from "./print_line.ts";
import { Progress } from "./progress.ts";
import { UsageError } from "./usage_error.ts";

/** What a task is run with. */
export interface Task {
  /** Its arguments. */
  argv: string[];
  /** Aborted by the first interrupt. */
  signal: AbortSignal;
  /** The progress that the terminal shows, ended before the task ends, however it ends. */
  progress: Progress;
}

/** Options of {@linkcode runTask}. */
export interface RunTaskOptions {
  /** Arguments of the task. @default {Deno.args} */
  argv?: string[];
  /**
   * Milliseconds that the program may take to end after an interrupt, which aborts the signal: time
   * to finish the file that is being written. @default {5000}
   */
  grace?: number;
  /** Whether the same command, given once more, continues after an interrupt. @default {false} */
  resumes?: boolean;
  /** Whether an interrupt is how the task ends, as a server does: it is not told. @default {false} */
  untilInterrupted?: boolean;
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
 * A Deno that is too old is a failure before any work; `--debug`
 * among the arguments adds the stack. A second interrupt, a second or more after the first, exits at
 * once.
 *
 * @param main the task
 */
export async function runTask(
  main: (task: Task) => Promise<void>,
  options: RunTaskOptions = {},
): Promise<void> {
  const { argv = Deno.args, grace = 5000, resumes = false, untilInterrupted = false } = options;
  const progress = new Progress();
  const interrupt = new AbortController();
  let interrupted: number | undefined;
  let first = Infinity;
  for (const [name, code] of Object.entries(INTERRUPTS)) {
    Deno.addSignalListener(name as Deno.Signal, () => {
      if (interrupted !== undefined) {
        if (performance.now() - first >= ECHO) exit(interrupted);
        return;
      }
      interrupted = code;
      first = performance.now();
      interrupt.abort(new DOMException(`Interrupted by ${name}`, "AbortError"));
      if (grace === 0) exit(code);
      setTimeout(() => exit(code), grace);
    });
  }
  /** Ends the program; the terminal first gets back its cursor and its line wrap. */
  function exit(code: number): never {
    progress.finish();
    if (interrupted !== undefined && !untilInterrupted) {
      printErrorLine(interruption(progress.position, resumes ? sameCommand : undefined));
    }
    Deno.exit(code);
  }
  const sameCommand = argv.includes("--overwrite")
    ? "the same command without --overwrite"
    : "the same command";
  const debug = argv.includes("--debug");
  const fail = (error: unknown): never => {
    progress.finish();
    return exit(interrupted ?? report(error, debug));
  };
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    fail(event.error);
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    fail(event.reason);
  });
  const old = oldDeno(Deno.version.deno);
  if (old !== undefined) fail(new Error(old));
  try {
    await main({ argv, signal: interrupt.signal, progress });
  } catch (error) {
    fail(error);
  }
  // Not left to the event loop, which native threads and signal listeners may keep alive.
  exit(interrupted ?? 0);
}

/** What a user who interrupted a task should know. @param resumes how the task continues, if at all */
function interruption(position: string | undefined, resumes: string | undefined): string {
  const where = position === undefined ? "" : ` ${position}`;
  return `Interrupted${where}.` +
    (resumes === undefined ? "" : ` What is finished is kept; ${resumes} resumes.`);
}

/** Prints the error on standard error and returns the exit code. */
function report(error: unknown, debug: boolean): number {
  const { code, exitCode } = error as { code?: unknown; exitCode?: unknown };
  if (typeof code === "string" && code.startsWith("commander.")) {
    return exitCode === 0 ? 0 : 2; // it has printed the help
  }
  const message = error instanceof Error && error.message !== "" ? error.message : String(error);
  printErrorLine(`Error: ${message}`);
  if (error instanceof UsageError) {
    const help = error.command === undefined ? "--help" : `\`${error.command} --help\``;
    printErrorLine(`See ${help} for the options and their defaults.`);
  }
  if (debug) printError(error);
  return error instanceof UsageError ? 2 : 1;
}
