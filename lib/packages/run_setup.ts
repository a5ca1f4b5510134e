import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Listener } from "../progress/mod.ts";
import { exists, userCacheFolder } from "../storage/mod.ts";
import { childEnvironment } from "../processes/mod.ts";

/** What the task `setup` is run for. */
export interface SetupRun {
  /** Its arguments. */
  args: string[];
  /** What is missing, as the beginning of a sentence: "No TensorFlow library is found". */
  missing: string;
  /** What else can be done, as the end of a sentence: "set SHOWTELL_ENGINE=wasm". */
  otherwise: string;
}

/**
 * Runs the task `setup` in a process of its own: only it may run Python's package clients.
 *
 * @throws {Error} if it fails, with its reason
 */
export async function runSetup(
  run: SetupRun,
  { say, signal }: Pick<Listener, "say" | "signal">,
): Promise<void> {
  const child = await startSetup(run, signal);
  let problem: string | undefined;
  for await (const line of linesOf(child.stderr)) {
    problem = /^Error: (.*)$/.exec(line)?.[1];
    if (problem === undefined && !signal?.aborted) say?.(line);
  }
  const { success, code } = await child.status;
  signal?.throwIfAborted();
  if (!success) throw new Error(problem ?? `\`${command(run.args)}\` ended with ${code}`);
}

async function startSetup(
  { args, missing, otherwise }: SetupRun,
  signal?: AbortSignal,
): Promise<Deno.ChildProcess> {
  const root = new URL("../../", import.meta.url);
  const isHere = root.protocol === "file:" &&
    await exists(fileURLToPath(new URL("tasks/setup.ts", root)));
  if (!isHere) {
    throw new Error(
      `${missing}, and this package has no task that downloads it: run \`${command(args)}\` in a ` +
        `clone of the project, or ${otherwise}`,
    );
  }
  const folder = fileURLToPath(root);
  const cache = userCacheFolder().replaceAll(",", ",,"); // a single comma would end the path
  // A task may run `deno` by its name alone, which fails where it is not on PATH.
  for (const deno of [Deno.execPath(), "deno"]) {
    try {
      return new Deno.Command(deno, {
        args: ["run", "--quiet", "--no-prompt", `--config=${join(folder, "deno.json")}`]
          .concat("-P=setup", `--allow-write=${cache}`, join(folder, "tasks", "setup.ts"), ...args),
        stdin: "null",
        stdout: "null",
        stderr: "piped",
        signal,
        ...childEnvironment(),
      }).spawn();
    } catch (error) {
      const { NotCapable, NotFound } = Deno.errors;
      if (!(error instanceof NotCapable || error instanceof NotFound)) throw error;
    }
  }
  throw new Error(
    `${missing}, and this process may not start \`deno\`, which downloads it: run ` +
      `\`${command(args)}\``,
  );
}

function command(args: readonly string[]): string {
  return ["deno task setup", ...args].join(" ");
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const piece of stream) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
