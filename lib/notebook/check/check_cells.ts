import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { cellText, readNotebook } from "./notebook_file.ts";

/** Something wrong with a notebook. */
export interface CellProblem {
  /** The notebook's path. */
  notebook: string;
  /** Counted from 1 over cells of all types; 0 if the whole notebook is concerned. */
  cell: number;
  /** Counted from 1 within the cell; 0 if the whole cell is concerned. */
  line: number;
  /** What is wrong. */
  message: string;
}

/** A problem in one line: `notebooks/04_train.ipynb:cell 3:2: …`. */
export function problemText({ notebook, cell, line, message }: CellProblem): string {
  const position = [notebook, ...(cell ? [`cell ${cell}`] : []), ...(line ? [line] : [])];
  return `${position.join(":")}: ${message}`;
}

/**
 * Type-checks and lints the code cells of notebooks, which `deno check` does not read.
 *
 * All cells of a notebook are one module, so that each name is declared once: the kernel would let a
 * later cell declare it again, and running the earlier cell again would then give another result.
 * All notebooks must be in one folder, and its parent must be writable: the modules are checked in a
 * temporary folder beside it.
 */
export async function checkCells(notebooks: string[]): Promise<CellProblem[]> {
  if (notebooks.length === 0) return [];
  const parent = dirname(dirname(await Deno.realPath(notebooks[0])));
  const folder = await Deno.makeTempDir({ dir: parent, prefix: ".cells-" });
  try {
    const modules = new Map<string, CellModule>();
    for (const notebook of notebooks) {
      const path = `${folder}/${basename(notebook).replace(/\.ipynb$/, ".ts")}`;
      const module = await cellModule(notebook);
      await Deno.writeTextFile(path, module.text);
      modules.set(path, module);
    }
    const lint = await lintProblems([...modules.keys()], folder);
    const types = await typeProblems([...modules.keys()], folder);
    return [...lint, ...types].map((found) => located(found, modules));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface CellModule {
  notebook: string;
  text: string;
  /** Where cells start: the module's line (from 1), the cell's number. */
  starts: { line: number; cell: number }[];
}

interface Found {
  path: string;
  line: number;
  message: string;
}

async function cellModule(notebook: string): Promise<CellModule> {
  const { cells } = await readNotebook(notebook);
  const starts = [];
  const lines: string[] = [];
  for (const [i, cell] of cells.entries()) {
    if (cell.cell_type !== "code") continue;
    starts.push({ line: lines.length + 1, cell: i + 1 });
    lines.push(...cellText(cell).split("\n"));
  }
  return { notebook, text: [...lines, "export {};", ""].join("\n"), starts }; // with await, a module
}

function located({ path, line, message }: Found, modules: Map<string, CellModule>): CellProblem {
  const module = modules.get(path);
  if (module === undefined) {
    return { notebook: path || "notebooks", cell: 0, line, message };
  }
  const start = module.starts.findLast((each) => each.line <= line);
  if (start === undefined) return { notebook: module.notebook, cell: 0, line: 0, message };
  return {
    notebook: module.notebook,
    cell: start.cell,
    line: line - start.line + 1,
    message,
  };
}

interface LintReport {
  diagnostics: {
    range: { start: { line: number } };
    filename: string;
    message: string;
    code: string;
  }[];
  errors: { file_path: string; message: string }[];
}

async function lintProblems(paths: string[], cwd: string): Promise<Found[]> {
  const { stdout, stderr } = await deno(["lint", "--json", ...paths], cwd);
  let report: LintReport;
  try {
    report = JSON.parse(stdout);
  } catch {
    return [{ path: "", line: 0, message: `deno lint failed: ${stderr.trim()}` }];
  }
  return [
    ...report.diagnostics.map(({ range, filename, message, code }) => ({
      path: fromFileUrl(filename),
      line: range.start.line,
      message: `${message} (${code})`,
    })),
    // Syntax errors; the type check reports them too, with the line.
    ...report.errors.map(({ file_path, message }) => ({
      path: fromFileUrl(file_path),
      line: Number(/:(\d+):\d+/.exec(message)?.[1] ?? 0),
      message: message.split("\n")[0],
    })),
  ];
}

async function typeProblems(paths: string[], cwd: string): Promise<Found[]> {
  const { code, stderr } = await deno(["check", "--quiet", ...paths], cwd);
  if (code === 0) return [];
  const found: Found[] = [];
  for (const block of stderr.split(/^(?=(?:TS\d+ )?\[?(?:TS\d+|ERROR|error)\b)/m)) {
    const position = /at (file:\/\/\S+?):(\d+):\d+/.exec(block);
    if (position === null) continue;
    found.push({
      path: fromFileUrl(position[1]),
      line: Number(position[2]),
      message: block.split("\n")[0].replace(" [ERROR]", ""),
    });
  }
  return found.length > 0
    ? found
    : [{ path: "", line: 0, message: `deno check failed: ${stderr.trim()}` }];
}

async function deno(args: string[], cwd: string) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

function fromFileUrl(path: string): string {
  return path.startsWith("file:") ? fileURLToPath(path) : path;
}
