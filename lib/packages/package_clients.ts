import { childEnvironment } from "../processes/mod.ts";

/** What a package client is run for. */
export interface ClientOptions {
  /** What is downloaded, for messages: "TensorFlow". */
  what: string;
  /** Folder for temporary files. */
  work: string;
  /** Ends it. */
  signal?: AbortSignal;
}

/**
 * Runs pip under the first name that it is installed as.
 *
 * @returns false if pip is not installed
 * @throws {Error} if pip fails
 */
export async function runPip(
  args: string[],
  { what, work, signal }: ClientOptions,
): Promise<boolean> {
  for (const [command, ...first] of [["pip3"], ["pip"], ["python3", "-m", "pip"]]) {
    const words = [...first, "--disable-pip-version-check", ...args];
    const outcome = await run(command, words, work, signal);
    if (outcome === "absent") continue;
    if (outcome === "done") return true;
    if (outcome.failed.includes("No module named pip")) continue;
    throw new Error(`pip could not download ${what}: ${failureOf(outcome.failed)}`);
  }
  return false;
}

/**
 * Installs packages with uv.
 *
 * @throws {Error} if uv is not installed, or fails
 */
export async function runUv(
  args: string[],
  target: string,
  { what, work, signal }: ClientOptions,
): Promise<void> {
  const fixed = ["pip", "install", "--quiet", "--python-version", "3.12", "--target", target];
  const outcome = await run("uv", [...fixed, ...args], work, signal);
  if (outcome === "done") return;
  throw new Error(
    outcome === "absent"
      ? `${what[0].toUpperCase()}${
        what.slice(1)
      } cannot be downloaded, as neither pip nor uv is installed: install Python's pip`
      : `uv could not download ${what}: ${failureOf(outcome.failed)}`,
  );
}

/** uv's name of this operating system. */
export function uvPlatform(): string {
  return Deno.build.os === "darwin" ? "macos" : "linux";
}

async function run(
  command: string,
  args: string[],
  work: string,
  signal: AbortSignal | undefined,
): Promise<"done" | "absent" | { failed: string }> {
  const { clearEnv, env } = childEnvironment();
  try {
    const { success, stderr } = await new Deno.Command(command, {
      args,
      clearEnv,
      env: { ...env, TMPDIR: work },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      signal,
    }).output();
    signal?.throwIfAborted();
    return success ? "done" : { failed: new TextDecoder().decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "absent";
    throw error;
  }
}

/**
 * Why a package client failed. pip hides a broken connection in a warning and ends with "No matching
 * distribution"; uv ends with the last cause of its error.
 */
export function failureOf(log: string): string {
  const connection = connectionFailure(log);
  if (connection !== undefined) {
    return `the package index cannot be reached (${connection}); check the connection, ` +
      "and HTTPS_PROXY or the index in pip's configuration where there is one";
  }
  const lines = log.trim().split("\n").filter((line) => !line.includes("WARNING"));
  return lines.findLast((line) => line.startsWith("ERROR")) ?? (lines.at(-1) || "no reason given");
}

function connectionFailure(log: string): string | undefined {
  const broken = /after connection broken by '(.+)': \/|Could not fetch URL \S+ (.+?) - skipping/
    .exec(log);
  if (broken !== null) return innermost(broken[1] ?? broken[2]);
  if (!/error sending request|Failed to fetch|tcp connect error|dns error/.test(log)) {
    return undefined;
  }
  const cause = log.trim().split("\n").findLast((line) => /^\s*Caused by:/.test(line));
  return cause?.replace(/^\s*Caused by:\s*/, "") ?? "no answer";
}

/**
 * The words inside of Python's spelling of an exception: of
 * `NewConnectionError('<… object at 0x7f>: Failed to …: Name not known')` what follows the object.
 */
function innermost(error: string): string {
  const object = /object at 0x[0-9a-f]+>[:,]\s*(.*?)['")]*$/.exec(error);
  if (object !== null) return object[1];
  let text = error;
  for (;;) {
    const inner = /^\w*(?:Error|Exception)\((.*)\)$/.exec(text)?.[1];
    if (inner === undefined) break;
    text = inner;
  }
  return /^(?:-?\d+, )?(['"])(.*)\1$/.exec(text)?.[2] ?? text;
}
