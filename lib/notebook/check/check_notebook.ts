import type { CellProblem } from "./check_cells.ts";
import { cellText, readNotebook } from "./notebook_file.ts";

/**
 * Checks a notebook as a file in git. Problems are outputs or execution counts left in it, no
 * `language_info` (without which `deno fmt` skips it), another kernel than `deno`, and a last code
 * cell without an assertion.
 *
 * @throws {SyntaxError} if it is not a notebook of nbformat 4
 */
export async function checkNotebook(path: string): Promise<CellProblem[]> {
  const { cells, metadata } = await readNotebook(path);
  const problems: CellProblem[] = [];
  const add = (cell: number, message: string) =>
    problems.push({ notebook: path, cell, line: 0, message });
  if (metadata?.language_info?.name !== "typescript") {
    add(0, 'metadata.language_info.name is not "typescript", so deno fmt skips it');
  }
  if (metadata?.kernelspec?.name !== "deno") add(0, 'metadata.kernelspec.name is not "deno"');
  for (const [i, cell] of cells.entries()) {
    if (cell.cell_type !== "code") continue;
    if ((cell.outputs ?? []).length > 0) add(i + 1, "has outputs; clear them before committing");
    if (typeof cell.execution_count === "number") {
      add(i + 1, "has an execution count; clear it before committing");
    }
  }
  const last = cells.findLastIndex((cell) => cell.cell_type === "code");
  if (last < 0) add(0, "has no code cells");
  else if (!/\bassert\w*\(/.test(cellText(cells[last]))) {
    add(last + 1, "is the last code cell, but asserts nothing about the notebook's results");
  }
  return problems;
}
