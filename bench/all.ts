import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { printErrorLine, printLine, type Task, taskCommand, UsageError } from "../lib/cli/mod.ts";
import { figureSvg } from "../lib/plots/mod.ts";
import { removeFile, writeFileWhole } from "../lib/storage/mod.ts";
import { readContestants } from "./all/contestants.ts";
import { describeMachine } from "./all/machine.ts";
import { measureRows } from "./all/measure_rows.ts";
import type { Results } from "./all/results.ts";
import { rows } from "./all/rows.ts";
import { speedsFigure } from "./all/speeds_figure.ts";
import { resultsMarkdown } from "./all/table.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** `deno task bench all`: every row, for ours and every peer. */
export async function benchAll({ argv, signal }: Pick<Task, "argv" | "signal">): Promise<void> {
  const command = taskCommand(
    "bench all",
    "Measures every row for ours and every peer in alternating rounds; what --out holds is kept.",
  )
    .requiredOption("--images <folder>", "photos")
    .requiredOption("--captions <file>", "CSV file of image and caption, in Kaggle's layout")
    .option("--python <program>", "Python with Keras and Pillow (default: its cells stay open)")
    .option(
      "--transformers <folder>",
      "models of transformers.js, Xenova/vit-gpt2-image-captioning in it (default: its cell stays " +
        "open)",
    )
    .option("--out <folder>", "gets results.json, results.md and speeds.svg", "data/bench")
    .option("--rounds <n>", "rounds of each row", "3")
    .option("--steps <n>", "training steps of a round", "30")
    .option("--photos <n>", "photos of a round", "160")
    .option("--contestants <file>", "commands to measure", join(root, "bench/contestants.json"))
    .option("--overwrite", "measure what --out holds again", false);
  command.parse(argv, { from: "user" });
  const options = command.opts<Record<string, string> & { overwrite: boolean }>();
  const [rounds, steps, photos] = ["rounds", "steps", "photos"].map((name) => {
    const count = Number(options[name]);
    if (Number.isInteger(count) && count > 0) return count;
    throw new UsageError(`--${name}=${options[name]}: give a whole number above 0`);
  });
  const [images, captions, out] = [options.images, options.captions, options.out]
    .map((path) => resolve(path));
  const { python, transformers } = options;
  const contestants = await readContestants(options.contestants);
  await Deno.mkdir(out, { recursive: true });
  if (options.overwrite) await removeFile(join(out, "results.json"));
  const results = await measureRows({
    out,
    rows,
    contestants,
    machine: await describeMachine(),
    // Names alone: results are published, and folders are nobody's business.
    sizes: {
      ...{ rounds, steps, photos },
      captionsFile: basename(captions),
      imagesFolder: basename(images),
    },
    values: {
      deno: Deno.execPath(),
      // A name without a folder is looked for in PATH.
      python: python?.includes("/") ? resolve(python) : python,
      transformers: transformers && resolve(transformers),
      images,
      captions,
      steps: String(steps),
      photos: String(photos),
    },
    cwd: root,
    say: printErrorLine,
    signal,
  });
  printLine(await writeReport(results, out));
}

/** Writes the table and the plot. @returns the table's path */
async function writeReport(results: Results, out: string): Promise<string> {
  const figure = speedsFigure(results, rows);
  if (figure !== undefined) {
    await writeFileWhole(join(out, "speeds.svg"), figureSvg(figure, { width: 900 })! + "\n");
  }
  const table = join(out, "results.md");
  await writeFileWhole(table, resultsMarkdown(results, rows));
  return table;
}
