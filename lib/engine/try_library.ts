import type { Candidate } from "./locate.ts";
import { type Probed, runProbe } from "./run_probe.ts";

/** What a TensorFlow library shows when it is loaded and computes. */
export interface Trial {
  /** TensorFlow's version; absent if the library cannot be used. */
  version?: string;
  /** What it computes on; absent if the library cannot be used. */
  devices?: { name: string; type: string }[];
  /** Why it cannot be used. */
  problem?: string;
  /** Whether loading it ends the process. */
  crashes?: boolean;
}

/** A library ends the process that loads it. */
export class CrashingLibraryError extends Error {
  override name = "CrashingLibraryError";
}

/** Signals that a processor or a library raises; any other comes from outside, such as Ctrl-C. */
const CRASHES: Readonly<Record<string, string>> = {
  SIGILL: "this processor lacks instructions that it was built with",
  SIGABRT: "it aborts",
  SIGSEGV: "it reads memory that is not its own",
  SIGBUS: "its file cannot be read to the end",
  SIGFPE: "it divides by zero",
  SIGTRAP: "it aborts",
  SIGSYS: "it calls what this system refuses",
};

/**
 * Loads a TensorFlow library and computes with it in a process of its own: two in one process would
 * interfere with each other, and one that aborts ends nothing else.
 *
 * @param options.unlike take the result, too, of a loader that looks in fewer places than this process'
 * @returns undefined if no process could be started, it was interrupted, or its loader may find other
 * libraries than this one's, so that only a crash would tell something
 */
export async function tryLibrary(
  { path, framework }: Candidate,
  { unlike = false }: { unlike?: boolean } = {},
): Promise<Trial | undefined> {
  const probed = await runProbe("probe_library.ts", path, ...framework ? [framework] : []);
  if (probed === undefined || !probed.began) return undefined;
  if (probed.answer !== undefined) {
    return probed.alike || unlike ? JSON.parse(probed.answer) : undefined;
  }
  // Where `deno` is a script of Node.js, an exit code stands for the signal.
  if (probed.signal !== null && CRASHES[probed.signal] === undefined) return undefined;
  return { problem: `Cannot use ${path}: ${crash(probed)}`, crashes: true };
}

/** Whether a library was tried and computes on a GPU. */
export function seesGpu({ devices = [] }: Trial): boolean {
  return devices.some(({ type }) => type === "GPU");
}

function crash({ signal, code, log }: Probed): string {
  const how = signal ?? `exit code ${code}`;
  const reason = signal === null ? "it ends the process" : CRASHES[signal];
  const last = lastWords(log);
  return `${reason} (${how}${last === undefined ? "" : `: ${last}`})`;
}

/** What the library said last, without TensorFlow's time and place of the message. */
function lastWords(log: string): string | undefined {
  const lines = log.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const fatal = lines.findLast((line) => /^\S+ \S+ F /.test(line) || /^F\d{4} /.test(line));
  return (fatal ?? lines.at(-1))?.replace(/^.*?\.(cc|h|cpp):\d+\] /, "").replace(/[.\s]+$/, "");
}
