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
 * @throws {Error} in one sentence, with the last line of what it wrote, if it fails or prints none
 */
export async function lastLine(
  [program, ...args]: readonly string[],
  { cwd, signal }: LastLineOptions = {},
): Promise<Line> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(program, { args, cwd, signal, stdin: "null" }).output();
  } catch (error) {
    throw new Error(`${program} cannot be started: ${(error as Error).message}`);
  }
  signal?.throwIfAborted();
  const last = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim().split("\n").at(-1)!;
  if (!output.success) {
    const said = last(output.stderr) || last(output.stdout) || "it wrote nothing";
    throw new Error(`${program} failed (exit code ${output.code}): ${said}`);
  }
  const line = last(output.stdout);
  try {
    const json = JSON.parse(line);
    if (json !== null && typeof json === "object" && !Array.isArray(json)) return json;
  } catch {
    // told below
  }
  throw new Error(`${program} printed no JSON object as its last line: ${line || "nothing"}`);
}
