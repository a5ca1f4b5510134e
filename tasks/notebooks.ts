import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import {
  printErrorLine,
  printJson,
  printLine,
  runTask,
  taskCommand,
  UsageError,
} from "../lib/cli/mod.ts";
import {
  checkCells,
  checkFormat,
  checkNotebook,
  checkSchema,
  type NotebookRun,
  problemText,
  runNotebook,
} from "../lib/notebook/mod.ts";
import { isFolder } from "../lib/storage/mod.ts";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

interface Options {
  folder: string;
  output: string;
  check: boolean;
  json: boolean;
}

/** `deno task notebooks`: checks the cells, then runs every notebook headless. */
export async function notebooks(argv: string[], signal: AbortSignal): Promise<void> {
  const command = taskCommand(
    "notebooks",
    "Checks the notebooks as files (nbformat 4.5), type-checks and lints their cells, then runs " +
      "them in order through Deno's kernel (needs Jupyter's nbconvert on PATH). SHOWTELL_CONFIG " +
      "names the config they use.",
  )
    .argument("[names...]", "how their names begin, such as 04 (default: all)")
    .option("--folder <folder>", "where the notebooks are", `${ROOT}/notebooks`)
    .option("--output <folder>", "where copies with outputs go", `${ROOT}/data/notebooks`)
    .option("--check", "only check them, without running", false)
    .option("--json", "print {notebooks, problems} as JSON on standard output", false)
    .parse(argv, { from: "user" });
  const options = command.opts<Options>();
  const paths = await find(options.folder, command.args);

  printErrorLine(`Checking ${paths.length} notebooks`);
  const problems = [
    ...(await Promise.all(paths.map(checkNotebook))).flat(),
    ...(await Promise.all(paths.map(checkSchema))).flat(),
    ...(await Promise.all(paths.map(checkFormat))).flat(),
    ...await checkCells(paths),
  ];
  for (const problem of problems) printErrorLine(problemText(problem));
  if (problems.length > 0) {
    if (options.json) printJson({ notebooks: [], problems });
    const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
    throw new Error(`The notebooks have ${count}, listed above`);
  }

  const runs: (NotebookRun & { seconds: number })[] = [];
  for (const [i, path] of options.check ? [] : paths.entries()) {
    printErrorLine(`Running ${path} (${i + 1} of ${paths.length})`);
    const began = performance.now();
    const run = await runNotebook(path, { outputFolder: options.output, signal });
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    runs.push({ ...run, seconds });
    if (!options.json) printLine(`${run.output}: ${run.cells} cells in ${seconds} s`);
  }
  if (options.json) printJson({ notebooks: runs, problems });
  else if (options.check) printLine(`${paths.length} notebooks have no problems`);
}

async function find(folder: string, beginnings: string[]): Promise<string[]> {
  if (!await isFolder(folder)) {
    throw new UsageError(`There is no folder ${folder}: name that of the notebooks by --folder`);
  }
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".ipynb")) names.push(name);
  }
  names.sort();
  for (const beginning of beginnings) {
    if (names.some((name) => name.startsWith(beginning))) continue;
    throw new UsageError(
      `No notebook in ${folder} begins with "${beginning}"; it has ${names.join(", ")}`,
    );
  }
  return names
    .filter((name) => beginnings.length === 0 || beginnings.some((each) => name.startsWith(each)))
    .map((name) => `${folder}/${name}`);
}

if (import.meta.main) await runTask(({ argv, signal }) => notebooks(argv, signal), { grace: 5000 });
