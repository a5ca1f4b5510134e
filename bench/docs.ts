import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { printLine, type Task, taskCommand } from "../lib/cli/mod.ts";
import { figureSvg } from "../lib/plots/mod.ts";
import { writeFileWhole } from "../lib/storage/mod.ts";
import { benchmarksPage } from "./all/benchmarks_page.ts";
import { readResults, writeResults } from "./all/results.ts";
import { rows } from "./all/rows.ts";
import { speedsFigure } from "./all/speeds_figure.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** `deno task bench docs`: the figures of docs/benchmarks.md, from what `bench all` measured. */
export async function benchDocs({ argv }: Pick<Task, "argv">): Promise<void> {
  const command = taskCommand("bench docs", "Puts what bench all measured into a page.")
    .option("--out <folder>", "that bench all wrote", "data/bench")
    .option("--docs <folder>", "with benchmarks.md", join(root, "docs"));
  command.parse(argv, { from: "user" });
  const { out, docs } = command.opts<{ out: string; docs: string }>();
  const results = await readResults(out);
  if (results === undefined) {
    throw new Error(`${out} holds no results.json: run \`deno task bench all --out=${out}\` first`);
  }
  const path = join(docs, "benchmarks.md");
  const page = benchmarksPage(await Deno.readTextFile(path), results, rows);
  const figure = speedsFigure(results, rows);
  if (figure !== undefined) {
    const picture = join(docs, "pictures", "benchmarks.svg");
    await writeFileWhole(picture, figureSvg(figure, { width: 900 })! + "\n");
  }
  await writeResults(docs, results);
  await writeFileWhole(path, page);
  printLine(path);
}
