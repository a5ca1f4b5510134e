import { join } from "node:path";
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
  readSeeds,
  resultsTable,
  seedConfig,
  type SeedResult,
  summarize,
} from "../lib/results/mod.ts";
import { Run } from "../lib/run/mod.ts";
import { type Experiment, throughEvaluation, tidyData } from "../lib/stages/mod.ts";
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
    .option("--seeds <list>", "what each is trained with: --training.seed of its runs", "1,2,3")
    .option("--out <folder>", "gets results.json and results.md", join(DATA, "results"))
    .option("--json", "print one JSON document on standard output", false);
  command.parse(rest, { from: "user" });
  const options = command.opts<{ config: string[]; seeds: string; out: string; json: boolean }>();
  const seeds = usable(() => readSeeds(options.seeds));
  const say = (line: string) => progress.say(line);
  await tidyData(DATA, { say });
  const configs: Config[] = [];
  for (const file of options.config) configs.push(await loadConfig({ file, overrides, say }));
  const names = configs.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    throw new UsageError(`--config: two configs have one name among ${names.join(", ")}`);
  }
  const shared: Omit<Experiment, "config"> = {
    data: DATA,
    uses: usesUntilExit(),
    engine: () => startEngine({ say, signal }),
    say,
    onProgress: (stage, done, total, note) => progress.show(stage, done, total, note),
    signal,
  };
  const results: SeedResult[] = [];
  for (const seed of seeds) {
    for (const config of configs) {
      say(`${config.name}, seed ${seed}`);
      results.push(await resultOf({ ...shared, config: seedConfig(config, seed, names) }, config));
    }
  }
  const inOrder = names.flatMap((name) => results.filter(({ config }) => config === name));
  const summaries = summarize(inOrder);
  const same = `deno task results ${argv.map(shellWord).join(" ")}`.trim();
  const table = resultsTable(summaries, [
    `Mean and standard deviation over seeds. ${photosOf(summaries)} Machine: ${machine()}.`,
    `Scores: \`${results[0].signature}\`.`,
    "",
    "```sh",
    same,
    "```",
  ]);
  await Deno.mkdir(options.out, { recursive: true });
  const json = { command: same, machine: machine(), results: inOrder, summaries };
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
  printLine();
  printLine(`The table with all scores is ${join(options.out, "results.md")}`);
}, { resumes: true });

async function resultOf(experiment: Experiment, { name }: Config): Promise<SeedResult> {
  const { config: { training: { seed }, dataset } } = experiment;
  const { run, evaluated, epochs, parameters } = await throughEvaluation(experiment);
  if (evaluated === null) {
    throw new Error(
      `${name}: the data set has no photo that training did not see; give it a test or a dev split`,
    );
  }
  const { split, photos, signature, scores } = evaluated.evaluation;
  const history = await new Run(run.folder).readHistory();
  return {
    config: name,
    seed,
    run: run.folder,
    on: `${split} of ${dataset.kind}`,
    ...{ photos, signature, scores, epochs, parameters },
    seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

function photosOf(summaries: readonly { on: string; photos: number }[]): string {
  const all = summaries.map(({ on, photos }) => `${photos.toLocaleString("en")} photos (${on})`);
  return `Scored: ${[...new Set(all)].join(", ")}.`;
}

function machine(): string {
  const [{ model }] = os.cpus();
  return `${os.cpus().length} cores of ${model.trim()}, ${Math.round(os.totalmem() / 1e9)} GB`;
}

function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--seeds: ${error.message}`);
    throw error;
  }
}
