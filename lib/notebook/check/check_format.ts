import { dirname } from "node:path";
import type { CellProblem } from "./check_cells.ts";

/**
 * Checks that a notebook is formatted as by `deno fmt`. Its text goes through standard input, since
 * `deno fmt --check` reports every notebook that it has not written itself (Deno 2.9.6).
 */
export async function checkFormat(notebook: string): Promise<CellProblem[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "ipynb", "-"],
    cwd: dirname(await Deno.realPath(notebook)), // whose settings apply
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const text = await Deno.readTextFile(notebook);
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  if (code === 0 && new TextDecoder().decode(stdout) === text) return [];
  const reason = code === 0
    ? `is not formatted; run deno fmt ${notebook}`
    : `cannot be formatted: ${new TextDecoder().decode(stderr).trim().split("\n")[0]}`;
  return [{ notebook, cell: 0, line: 0, message: reason }];
}
