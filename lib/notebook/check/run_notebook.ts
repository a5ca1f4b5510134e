import { basename } from "node:path";
import { writeFileWhole } from "../../storage/mod.ts";
import { endKernel, findCommand, jupyterEnvironment } from "./jupyter.ts";
import { cellText, type Notebook, readNotebook } from "./notebook_file.ts";

/** Options of {@linkcode runNotebook}. */
export interface RunNotebookOptions {
  /** Folder for the copy with outputs, which has the notebook's name. */
  outputFolder: string;
  /** Environment variables for the notebook, besides those of this process. */
  env?: Record<string, string>;
  /** Ends the run. */
  signal?: AbortSignal;
}

/** A notebook that ran to its end. */
export interface NotebookRun {
  /** The notebook's path. */
  notebook: string;
  /** The copy with outputs. */
  output: string;
  /** Code cells run. */
  cells: number;
}

/**
 * Runs a notebook headless through Deno's kernel, in the notebook's own folder as Jupyter does,
 * and writes a copy with its outputs; the notebook itself is not changed.
 *
 * @throws {Error} naming notebook, cell and error if a cell throws; if nbconvert is not installed
 */
export async function runNotebook(
  path: string,
  { outputFolder, env = {}, signal }: RunNotebookOptions,
): Promise<NotebookRun> {
  const notebook = await readNotebook(path);
  const [command, ...args] = await nbconvert();
  const folder = await Deno.makeTempDir();
  try {
    const child = new Deno.Command(command, {
      args: [
        ...args,
        "--to=notebook",
        "--execute",
        "--ExecutePreprocessor.timeout=-1",
        `--output-dir=${folder}/out`,
        `--output=${basename(path)}`,
        path,
      ],
      env: { ...env, ...await jupyterEnvironment(folder) },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const interrupt = () => {
      child.kill("SIGTERM");
      stopped = endKernel(folder);
    };
    let stopped: Promise<void> | undefined;
    signal?.addEventListener("abort", interrupt);
    const stderr = await new Response(child.stderr).text();
    const { success } = await child.status;
    signal?.removeEventListener("abort", interrupt);
    await stopped;
    signal?.throwIfAborted();
    if (!success) throw failure(path, notebook, stderr);
    const output = `${outputFolder}/${basename(path)}`;
    await writeFileWhole(output, await Deno.readFile(`${folder}/out/${basename(path)}`));
    const cells = notebook.cells.filter((cell) => cell.cell_type === "code").length;
    return { notebook: path, output, cells };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function nbconvert(): Promise<string[]> {
  const direct = await findCommand("jupyter-nbconvert");
  if (direct !== undefined) return [direct];
  throw new Error(
    "Jupyter's nbconvert is not on PATH: install it, for example by " +
      "`pip install jupyterlab nbconvert`",
  );
}

/** nbconvert prints the source of the failed cell between two rules, then the error. */
function failure(path: string, notebook: Notebook, stderr: string): Error {
  const rule = "-".repeat(18);
  const report = stderr.lastIndexOf(`following cell:\n${rule}\n`);
  if (report < 0) {
    const lines = stderr.trim().split("\n").filter((line) => line.trim() !== "");
    return new Error(`${path} could not be run: ${lines.at(-1) ?? "no message"}`, {
      cause: stderr,
    });
  }
  const found = stderr.slice(report + `following cell:\n${rule}\n`.length);
  const cell = notebook.cells.findIndex((each) =>
    each.cell_type === "code" && found.startsWith(`${cellText(each).trim()}\n${rule}\n`)
  );
  const after = found.slice(found.indexOf(`\n${rule}\n`) + rule.length + 2);
  const said = after.slice(after.startsWith("\n\n") ? 0 : after.indexOf(`${rule}\n`) + 19);
  // deno-lint-ignore no-control-regex
  const lines = said.replace(/\x1b\[[0-9;]*m/g, "").split("\n").filter((line) =>
    line.trim() !== ""
  );
  const stack = lines.findIndex((line) => /^\s+at /.test(line));
  const error =
    lines.slice(0, Math.min(stack < 0 ? 12 : stack, 12)).map((line) => line.trim()).join(" ") ||
    "no message";
  const where = cell < 0 ? path : `${path}:cell ${cell + 1}`;
  return new Error(`${where} failed: ${error}`, { cause: stderr });
}
