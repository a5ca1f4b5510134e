import {
  printComparisons,
  printErrorLine,
  printJson,
  printLine,
  printTable,
  runTask,
  scoreRows,
  taskCommand,
  throwsUsageErrors,
} from "../lib/cli/mod.ts";
import { decoderGraph } from "../lib/interchange/mod.ts";
import { layerDiagram, layersText } from "../lib/plots/mod.ts";
import {
  compareRuns,
  deleteRun,
  findRun,
  type ListedRun,
  listRuns,
  locateRuns,
  Run,
  RunEnsemble,
} from "../lib/run/mod.ts";
import { cleanCaches, listCaches, tidyData } from "../lib/stages/mod.ts";
import { showBytes, writeFileWhole } from "../lib/storage/mod.ts";
import { shellWord } from "../lib/text/mod.ts";

const DATA = "data";

await runTask(async ({ argv, progress }) => {
  const command = taskCommand("runs", "Lists, compares and deletes runs; shows and cleans caches.")
    .option("--json", "print one JSON document on standard output", false)
    .hook("preAction", () => tidyData(DATA, { say: (line) => progress.say(line) }));
  const json = () => command.opts().json as boolean;
  const inherit = (name: string, description: string) =>
    throwsUsageErrors(command.command(name, name === "list" ? { isDefault: true } : {}))
      .description(description)
      .allowExcessArguments(false)
      .option("--json", "print one JSON document on standard output", false)
      .hook("preAction", (_, action) => {
        if (action.opts().json) command.setOptionValue("json", true);
      });
  inherit("list", "every run with its scores").action(() => list(json()));
  inherit("show", "one run: what it was trained on, its scores, the decoder's layers")
    .argument("<name>", "name of a run")
    .option("--svg <file>", "writes a diagram of the decoder there, under data/")
    .action((name, { svg }) => show(name, svg, json()));
  inherit(
    "compare",
    "the scores of runs beside those of the first, and where their settings differ",
  )
    .argument("<a>", "name of a run, or of runs evaluated together: first+second")
    .argument("<b>", "name of another run")
    .argument("[more...]", "names of further runs")
    .action((a, b, more) => compare([a, b, ...more], json()));
  inherit("delete", "deletes runs, but none that a process is working on")
    .argument("<name...>", "names of runs")
    .action((names) => deleteAll(names, json()));
  inherit("cache", "prepared data sets and features, their sizes and the runs that use them")
    .action(() => cache(json()));
  inherit("clean", "deletes data sets and features that no run uses, and lists them")
    .option("--dry-run", "only list them", false)
    .action(({ dryRun }) => clean(dryRun, json()));
  await command.parseAsync(argv, { from: "user" });
});

async function list(json: boolean): Promise<void> {
  const runs = await listRuns(DATA);
  if (json) return printJson(runs.map(summary));
  tellWarnings(runs);
  if (runs.length === 0) return printLine("No runs yet: `deno task train` creates one");
  printTable(
    runs.map((run) => {
      const { name, config, problem, training, evaluations, date, bytes } = run;
      const [[on, { scores }] = ["–", { scores: {} as Record<string, number> }]] = Object.entries(
        evaluations,
      );
      return [
        name,
        config?.dataset.kind ?? `(${problem})`,
        config?.encoder.kind ?? "",
        config?.model.kind ?? "",
        training?.epochs ?? unfinished(run),
        training?.bestEpoch,
        scores["bleu-1"]?.toFixed(4),
        scores["bleu-4"]?.toFixed(4),
        scores["cider-d"]?.toFixed(4),
        on,
        date.toISOString().slice(0, 16).replace("T", " "),
        showBytes(bytes),
      ];
    }),
    {
      heading: ["run", "data set", "encoder", "model", "epochs", "best", "bleu-1", "bleu-4"]
        .concat("cider-d", "on", "date", "size"),
      optional: ["on", "size", "date", "model"],
    },
  );
}

function tellWarnings(runs: readonly ListedRun[]): void {
  for (const { warnings } of runs) warnings.forEach((line) => printErrorLine(`Warning: ${line}`));
}

/** How far a training is that has not ended; undefined where nothing tells. */
function unfinished({ config, epochsDone, isInUse }: ListedRun): string | undefined {
  if (config === undefined) return undefined;
  const state = isInUse ? "in use now" : "interrupted";
  return `${epochsDone} of ${config.training.epochs}, ${state}`;
}

function summary(run: ListedRun) {
  const { name, folder, config, problem, training, evaluations, warnings, date, bytes } = run;
  const { epochsDone, isInUse } = run;
  return {
    name,
    folder,
    dataset: config?.dataset.kind,
    encoder: config?.encoder.kind,
    model: config?.model.kind,
    problem,
    warnings,
    epochs: training?.epochs,
    epochsDone: training?.epochs ?? epochsDone,
    isInUse,
    bestEpoch: training?.bestEpoch,
    parameters: training?.parameters,
    evaluations,
    date: date.toISOString(),
    bytes,
  };
}

async function show(name: string, svg: string | undefined, json: boolean): Promise<void> {
  const run = await findRun(DATA, name);
  const { folder, config, problem, training, evaluations } = run;
  if (config === undefined) throw new Error(`${folder}: ${problem}`);
  const layers = training && decoderGraph({
    ...config,
    featureShape: training.featureShape,
    tokenizer: await new Run(folder).readTokenizer(),
  });
  if (svg !== undefined) {
    if (layers === undefined) throw new Error(`${folder} is not trained yet: ${noLayers(folder)}`);
    await writeFileWhole(svg, layerDiagram(layers, config.model.kind) + "\n");
  }
  if (json) return printJson({ ...summary(run), layers });
  tellWarnings([run]);
  const scores = Object.entries(evaluations).flatMap(([on, { scores, intervals, photos }]) =>
    scoreRows(scores, intervals).map(([score, value]) => [
      `${score}, ${photos} photos of ${on}`,
      value,
    ])
  );
  printTable([
    ["run", folder],
    ["data set", config.dataset.kind],
    ["encoder", `${config.encoder.kind}, ${training?.featureShape.join(" × ") ?? "?"} numbers`],
    ["epochs", training?.epochs ?? unfinished(run)],
    ["best epoch", training?.bestEpoch],
    ...scores,
    ["size", showBytes(run.bytes)],
  ]);
  printLine();
  if (layers) layersText(layers, config.model.kind).split("\n").forEach((line) => printLine(line));
  else printLine(`The decoder: ${noLayers(folder)}`);
  if (svg === undefined) return;
  printLine();
  printLine(`A diagram of it is in ${svg}`);
}

/** Why a run has no layers yet, and what gives it some. */
function noLayers(folder: string): string {
  const { config } = new Run(folder).paths;
  return "its layers are known once training has ended; " +
    `\`deno task train --config=${shellWord(config)}\` resumes it`;
}

async function compare(names: readonly string[], json: boolean): Promise<void> {
  const [a, ...others] = names;
  const [first, ...rest] = await Promise.all(names.map(compared));
  const comparisons = await Promise.all(
    rest.map(async (run, i) => ({ b: others[i], ...await compareRuns(first, run) })),
  );
  if (!json) return printComparisons(a, comparisons);
  printJson(comparisons.length === 1 ? { a, ...comparisons[0] } : { a, others: comparisons });
}

/** A run by its name, or several that caption together, `first+second`. */
async function compared(name: string): Promise<ListedRun> {
  const runs = await locateRuns(DATA, name);
  return runs.length > 1 ? await new RunEnsemble(runs, DATA).describe() : await findRun(DATA, name);
}

async function deleteAll(names: string[], json: boolean): Promise<void> {
  // All are looked up first: with one wrong name nothing is deleted.
  const runs = await Promise.all(names.map((name) => findRun(DATA, name)));
  for (const run of runs) {
    await deleteRun(run);
    if (!json) printLine(`Deleted ${run.folder} (${showBytes(run.bytes)})`);
  }
  if (json) printJson({ deleted: runs.map(({ folder, bytes }) => ({ folder, bytes })) });
}

async function cache(json: boolean): Promise<void> {
  const caches = await listCaches(DATA);
  if (json) return printJson(caches);
  if (caches.length === 0) return printLine("No caches yet");
  printTable(
    caches.map(({ folder, bytes, usedBy }) => [
      folder,
      showBytes(bytes),
      usedBy.join(", ") || "no run",
    ]),
    { heading: ["cache", "size", "used by"] },
  );
}

async function clean(dryRun: boolean, json: boolean): Promise<void> {
  const deleted = await cleanCaches(DATA, dryRun);
  if (json) return printJson({ dryRun, deleted });
  if (deleted.length === 0) printLine("Every cache is used by a run: nothing to delete");
  for (const { folder, bytes } of deleted) {
    printLine(`${dryRun ? "Would delete" : "Deleted"} ${folder} (${showBytes(bytes)})`);
  }
}
