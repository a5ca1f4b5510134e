/**
 * Runs pip under the first name that it is installed as.
 *
 * @param work folder for temporary files
 * @returns false if pip is not installed
 * @throws {Error} if pip fails
 */
export async function runPip(args: string[], work: string): Promise<boolean> {
  for (const [command, ...first] of [["pip3"], ["pip"], ["python3", "-m", "pip"]]) {
    const outcome = await run(command, [...first, "--disable-pip-version-check", ...args], work);
    if (outcome === "absent") continue;
    if (outcome === "done") return true;
    if (outcome.failed.includes("No module named pip")) continue;
    throw new Error(`pip could not download TensorFlow: ${lastLine(outcome.failed)}`);
  }
  return false;
}

/**
 * Installs packages with uv.
 *
 * @param work folder for temporary files
 * @throws {Error} if uv is not installed, or fails
 */
export async function runUv(args: string[], target: string, work: string): Promise<void> {
  const fixed = ["pip", "install", "--quiet", "--python-version", "3.12", "--target", target];
  const outcome = await run("uv", [...fixed, ...args], work);
  if (outcome === "done") return;
  throw new Error(
    outcome === "absent"
      ? "TensorFlow cannot be downloaded, as neither pip nor uv is installed: install Python's pip"
      : `uv could not download TensorFlow: ${lastLine(outcome.failed)}`,
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
): Promise<"done" | "absent" | { failed: string }> {
  try {
    const { success, stderr } = await new Deno.Command(command, {
      args,
      env: { TMPDIR: work },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    return success ? "done" : { failed: new TextDecoder().decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "absent";
    throw error;
  }
}

function lastLine(text: string): string {
  const lines = text.trim().split("\n").filter((line) => !line.includes("WARNING"));
  return lines.findLast((line) => line.startsWith("ERROR")) ?? lines.at(-1) ?? "no reason given";
}
