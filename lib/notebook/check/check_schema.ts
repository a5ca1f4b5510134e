import type { CellProblem } from "./check_cells.ts";
import { notebookSchema } from "./notebook_schema.ts";

/**
 * Checks that a notebook is valid nbformat 4.5, no two cells having one id, and that it is written
 * as JupyterLab writes it: otherwise saving it there would change more than was edited.
 */
export async function checkSchema(notebook: string): Promise<CellProblem[]> {
  const text = await Deno.readTextFile(notebook);
  const content: unknown = JSON.parse(text);
  const problems: CellProblem[] = [];
  const add = (cell: number, line: number, message: string) =>
    problems.push({ notebook, cell, line, message });
  const { success, error, data } = notebookSchema.safeParse(content);
  if (!success) {
    for (const { path, message } of error.issues) {
      const cell = path[0] === "cells" && typeof path[1] === "number" ? path[1] + 1 : 0;
      const key = path.slice(cell > 0 ? 2 : 0).join(".");
      add(cell, 0, `is not valid nbformat 4.5: ${key === "" ? "" : `${key}: `}${message}`);
    }
    return problems;
  }
  const first = new Map<string, number>();
  for (const [i, { id }] of data.cells.entries()) {
    const before = first.get(id);
    if (before === undefined) first.set(id, i + 1);
    else {
      add(
        i + 1,
        0,
        `has the id "${id}" of cell ${before}, so JupyterLab would give it another one`,
      );
    }
  }
  const written = asJupyterWrites(content);
  if (problems.length === 0 && text !== written) {
    const lines = written.split("\n");
    const line = text.split("\n").findIndex((line, i) => line !== lines[i]) + 1;
    add(0, line, "is written otherwise than JupyterLab does: open it there and save it");
  }
  return problems;
}

/** As Jupyter's server writes it: keys in order, indented by one space, a source as its lines. */
function asJupyterWrites(notebook: unknown): string {
  return JSON.stringify(sorted(notebook), null, 1) + "\n";
}

function sorted(value: unknown, key = ""): unknown {
  if (key === "source" && typeof value === "string") return value.match(/[^\n]*\n|[^\n]+/g) ?? [];
  if (Array.isArray(value)) {
    return key === "source" ? sorted(value.join(""), key) : value.map((each) => sorted(each));
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner, name)]));
}
