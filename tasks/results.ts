import { basename, join } from "node:path";
import os from "node:os";
import {
  printJson,
  printLine,
  printTable,
  runTask,
  splitOverrides,
  taskCommand,
  UsageError,
} from "../lib/cli/mod.ts";
import { type Config, configKeys, DEFAULT_CONFIG, loadConfig } from "../lib/config/mod.ts";
import { startEngine } from "../lib/engine/mod.ts";
import {
  type ComparedSummary,
  differencesTable,
  differenceText,
  readEnsembles,
  readSeeds,
  resultsTable,
  seedConfig,
  type SeedResult,
  summarize,
} from "../lib/results/mod.ts";
import { findRun, type ListedRun, pairedRuns, Run, RunEnsemble } from "../lib/run/mod.ts";
import {
  type Evaluated,
  evaluateRuns,
  type Experiment,
  throughEvaluation,
  tidyData,
} from "../lib/stages/mod.ts";
import { usesUntilExit, writeFileWhole } from "../lib/storage/mod.ts";
import { shellWord } from "../lib/text/mod.ts";

const DATA = "data";

/** Scores of the table in a terminal. */
const SHOWN = ["bleu-1", "bleu-2", "bleu-4", "cider-d"];

await runTask(async ({ argv, signal, progress }) => {
  const { overrides, rest } = splitOverrides(argv);
  const command = taskCommand(
    "results",
    "Trains configs with several seeds, scores each run, and writes a table of means and spreads. " +
      "What is trained already is taken as it is; the same command resumes.",
    configKeys,
  )
    .option(
      "--config <config...>",
      "experiments in the order of training: names of configs in configs/, or paths",
      [DEFAULT_CONFIG],
    )
    .option(
      "--ensemble <configs...>",
      "configs among them whose runs of each seed also caption together, joined by +, as in A+B; or " +
        "one, whose runs of all seeds do, as in A",
      [],
    )
    .option("--seeds <list>", "what each is trained with: --training.seed of its runs", "1,2,3")
    .option("--out <folder>", "gets results.json and results.md", join(DATA, "results"))
    .option("--json", "print one JSON document on standard output", false);
  command.parse(rest, { from: "user" });
  const options = command.opts<
    { config: string[]; ensemble: string[]; seeds: string; out: string; json: boolean }
  >();
  const seeds = usable("--seeds", () => readSeeds(options.seeds));
  const say = (line: string) => progress.say(line);
  await tidyData(DATA, { say });
  const configs: Config[] = [];
  for (const file of options.config) configs.push(await loadConfig({ file, overrides, say }));
  const names = configs.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    throw new UsageError(`--config: two configs have one name among ${names.join(", ")}`);
  }
  const ensembles = usable(
    "--ensemble",
    () => readEnsembles(options.ensemble, names, seeds.length),
  );
  const shared: Omit<Experiment, "config"> = {
    data: DATA,
    uses: usesUntilExit(),
    engine: () => startEngine({ say, signal }),
    say,
    onProgress: (stage, done, total, note) => progress.show(stage, done, total, note),
    signal,
  };
  const results: Scored[] = [];
  for (const seed of seeds) {
    const seeded = configs.map((config) => seedConfig(config, seed, names));
    for (const [i, config] of seeded.entries()) {
      say(`${names[i]}, seed ${seed}`);
      results.push(await resultOf({ ...shared, config }, names[i]));
    }
    for (const { name, configs } of ensembles.filter(({ configs }) => configs.length > 1)) {
      say(`${name}, seed ${seed}`);
      const own = configs.map((of) =>
        results.find(({ result }) => result.config === of && result.seeds[0] === seed)!.result
      );
      const config = seeded[names.indexOf(configs[0])];
      results.push(await ensembleOf({ ...shared, config }, name, own));
    }
  }
  for (const { name, configs: [of] } of ensembles.filter(({ configs }) => configs.length === 1)) {
    say(name);
    const own = results.map(({ result }) => result).filter(({ config }) => config === of);
    const config = seedConfig(configs[names.indexOf(of)], seeds[0], names);
    results.push(await ensembleOf({ ...shared, config }, name, own));
  }
  const lines = [...names, ...ensembles.map(({ name }) => name)];
  const inOrder = lines.flatMap((name) => results.filter(({ result }) => result.config === name));
  const summaries = summarize(inOrder.map(({ result }) => result));
  const compared = await compareWithFirst(lines, inOrder, say);
  const same = `deno task results ${argv.map(shellWord).join(" ")}`.trim();
  const table = resultsTable(summaries, [
    ...compared.length === 0 ? [] : [
      differencesTable(lines[0], compared),
      "",
      "Differences of means over seeds; in brackets the interval by the paired bootstrap over photos.",
    ],
    `Mean and standard deviation over seeds. ${photosOf(summaries)} Machine: ${machine()}.`,
    `Scores: \`${inOrder[0].result.signature}\`.`,
    "",
    "```sh",
    same,
    "```",
  ]);
  await Deno.mkdir(options.out, { recursive: true });
  const json = {
    command: same,
    machine: machine(),
    results: inOrder.map(({ result }) => result),
    summaries,
    compared,
  };
  await writeFileWhole(join(options.out, "results.json"), JSON.stringify(json, null, 2) + "\n");
  await writeFileWhole(join(options.out, "results.md"), table);
  progress.finish();
  if (options.json) return printJson(json);
  printTable(
    summaries.map(({ config, seeds, seconds, scores }) => [
      config,
      seeds.join(","),
      (seconds.mean / 60).toFixed(1),
      ...SHOWN.map((name) => scores[name]?.mean.toFixed(4)),
      ...SHOWN.slice(-1).map((name) => scores[name]?.spread?.toFixed(4)),
    ]),
    { heading: ["config", "seeds", "minutes", ...SHOWN, "spread"], optional: ["seeds", "bleu-2"] },
  );
  if (compared.length > 0) {
    printLine();
    printTable(
      compared.map(({ config, scores }) => [
        config,
        ...SHOWN.slice(-2).map((name) => differenceText(scores[name])),
      ]),
      { heading: [`against ${lines[0]}`, ...SHOWN.slice(-2)] },
    );
  }
  printLine();
  printLine(`The table with all scores is ${join(options.out, "results.md")}`);
}, { resumes: true });

/** What a run, or an ensemble, of a seed led to. */
interface Scored {
  result: SeedResult;
  run: ListedRun;
  /** Name of its evaluation, `<data set>-<split>`. */
  evaluation: string;
}

async function resultOf(experiment: Experiment, config: string): Promise<Scored> {
  const { run, evaluated, epochs, parameters } = await throughEvaluation(experiment);
  if (evaluated === null) {
    throw new Error(
      `${config}: the data set has no photo that training did not see; give it a test or a dev split`,
    );
  }
  const history = await new Run(run.folder).readHistory();
  const seconds = history.reduce((sum, { seconds }) => sum + seconds, 0);
  const seeds = [experiment.config.training.seed];
  const own = { config, seeds, run: run.folder, epochs, parameters, seconds };
  return scoredOf(experiment, evaluated, own, await findRun(DATA, run.name));
}

/** @param own of its runs, in the order of their names */
async function ensembleOf(
  experiment: Experiment,
  name: string,
  own: readonly SeedResult[],
): Promise<Scored> {
  const ensemble = new RunEnsemble(own.map(({ run }) => new Run(run)), DATA);
  const evaluated = await evaluateRuns(experiment, ensemble);
  const sum = (figure: "epochs" | "parameters" | "seconds") =>
    own.reduce((sum, result) => sum + result[figure], 0);
  return scoredOf(experiment, evaluated, {
    config: name,
    seeds: [...new Set(own.flatMap(({ seeds }) => seeds))],
    run: ensemble.folder,
    epochs: sum("epochs"),
    parameters: sum("parameters"),
    seconds: sum("seconds"),
  }, await ensemble.describe());
}

function scoredOf(
  { config: { dataset } }: Experiment,
  { path, evaluation: { split, photos, signature, scores } }: Evaluated,
  own: Pick<SeedResult, "config" | "seeds" | "run" | "epochs" | "parameters" | "seconds">,
  run: ListedRun,
): Scored {
  const on = `${split} of ${dataset.kind}`;
  return {
    result: { ...own, on, photos, signature, scores },
    run,
    evaluation: basename(path, ".json"),
  };
}

/** What each line of the table has over the first; `say` hears why one has no such test. */
async function compareWithFirst(
  [first, ...others]: readonly string[],
  results: readonly Scored[],
  say: (line: string) => void,
): Promise<ComparedSummary[]> {
  const of = (name: string) => results.filter(({ result }) => result.config === name);
  const runs = (name: string) => of(name).map(({ run }) => run);
  const { evaluation, result: { on } } = of(first)[0];
  const comparable = others.filter((name) => {
    const other = of(name).find((scored) => scored.evaluation !== evaluation);
    if (other === undefined) return true;
    say(`${name} is not compared with ${first}: scored on ${other.result.on}, not on ${on}`);
    return false;
  });
  return await Promise.all(comparable.map(async (config) => {
    const { scores, reason } = await pairedRuns(runs(first), runs(config), evaluation);
    if (reason !== undefined) say(`${config} is not compared with ${first}: ${reason}`);
    return { config, scores };
  }));
}

function photosOf(summaries: readonly { on: string; photos: number }[]): string {
  const all = summaries.map(({ on, photos }) => `${photos.toLocaleString("en")} photos (${on})`);
  return `Scored: ${[...new Set(all)].join(", ")}.`;
}

function machine(): string {
  const [{ model }] = os.cpus();
  return `${os.cpus().length} cores of ${model.trim()}, ${Math.round(os.totalmem() / 1e9)} GB`;
}

function usable<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${option}: ${error.message}`);
    throw error;
  }
}
