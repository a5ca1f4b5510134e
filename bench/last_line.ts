import { basename } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** What a benchmark prints: figures by name, one of which ends in `PerSecond`. */
export type Line = Record<string, number | string>;

/** Options of {@linkcode lastLine}. */
export interface LastLineOptions {
  /** Where it runs. @default {the working folder} */
  cwd?: string;
  /** Ends it. */
  signal?: AbortSignal;
}

/**
 * Runs a command and reads its last line, a JSON object.
 *
 * @throws {Error} in one sentence, with the error that it wrote, if it fails or prints none
 */
export async function lastLine(
  [program, ...args]: readonly string[],
  { cwd, signal }: LastLineOptions = {},
): Promise<Line> {
  const name = basename(program);
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(program, { args, cwd, signal, stdin: "null" }).output();
  } catch (error) {
    throw new Error(`${name} cannot be started: ${(error as Error).message}`);
  }
  signal?.throwIfAborted();
  const [stdout, stderr] = [output.stdout, output.stderr].map(linesOf);
  if (!output.success) {
    const said = errorLine(stderr) ?? errorLine(stdout) ?? "it wrote nothing";
    throw new Error(`${name} failed (exit code ${output.code}): ${said}`);
  }
  const line = stdout.at(-1) ?? "";
  try {
    const json = JSON.parse(line);
    if (json !== null && typeof json === "object" && !Array.isArray(json)) return json;
  } catch {
    // told below
  }
  throw new Error(`${name} printed no JSON object as its last line: ${line || "nothing"}`);
}

function linesOf(bytes: Uint8Array): string[] {
  const text = stripVTControlCharacters(new TextDecoder().decode(bytes)).trim();
  return text === "" ? [] : text.split("\n");
}

/** The last line; before the stack that Deno and Node.js write below an error, its own line. */
function errorLine(lines: readonly string[]): string | undefined {
  return lines.findLast((line) => /^(error: |(\w|\.)*Error\b)/.test(line)) ?? lines.at(-1);
}
