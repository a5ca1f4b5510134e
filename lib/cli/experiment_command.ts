import type { Command } from "commander";
import {
  type Config,
  configKeys,
  DEFAULT_CONFIG,
  describeConfig,
  loadConfig,
} from "../config/mod.ts";
import { engineChoice, startEngine } from "../engine/mod.ts";
import { locateRun, locateRuns, Run } from "../run/mod.ts";
import { type Experiment, tidyData } from "../stages/mod.ts";
import { usesUntilExit } from "../storage/mod.ts";
import { onlyRun } from "./only_run.ts";
import type { Task } from "./run_task.ts";
import { splitOverrides } from "./split_overrides.ts";
import { taskCommand } from "./task_command.ts";
import { terminalColumns } from "./terminal_columns.ts";
import { UsageError } from "./usage_error.ts";
import { wrapIndented } from "./wrap_indented.ts";

/** Where everything is written, under the working folder. */
const DATA = "data";

const CONFIG =
  "the experiment: name of a config in configs/, or path of a JSON file (.jsonc, .json)";

/** What training that starts from a run has from it. */
const TAKEN_OVER = ["text", "model", "training.from"];

/** A task's parsed arguments. */
export interface ExperimentArguments {
  /** The config, and how the task reports its progress. */
  experiment: Experiment;
  /** The task's own options. */
  options: Record<string, string | boolean | undefined>;
  /** Arguments without a dash. */
  files: string[];
  /** The runs of `--run`, where it may be given several times; the first is the option's. */
  runs: Run[];
}

/** How a task uses its config. */
export interface ExperimentOptions {
  /**
   * Whether the only trained run is taken where neither `--run` nor a config names one.
   *
   * @default {false}
   */
  choosesRun?: boolean;
  /** What `--json` does. @default {"print one JSON document on standard output"} */
  json?: string;
}

/**
 * Parses the arguments of a task that works on a config: `--config`, `--name`, dotted overrides of
 * single keys, `--json`, and the task's own.
 *
 * @param extend adds the task's own options to the command
 * @param parts of the config that the task uses, such as `dataset`: its help lists their keys, and
 * with `--run` it takes no others. @default {all}
 * @throws {UsageError} if they are invalid
 * @throws {RangeError} if `SHOWTELL_ENGINE` names no engine
 */
export async function experimentArguments(
  name: string,
  description: string,
  { argv, signal, progress }: Task,
  extend: (command: Command) => Command = (command) => command,
  parts?: readonly string[],
  { choosesRun = false, json = "print one JSON document on standard output" }: ExperimentOptions =
    {},
): Promise<ExperimentArguments> {
  const { overrides, rest } = splitOverrides(argv);
  const command = extend(
    taskCommand(name, description, configKeys)
      .option("--config <config>", CONFIG, DEFAULT_CONFIG)
      .option("--name <name>", "name of the run, instead of the config's")
      .option(
        "--published",
        "restore what the published system did, faults included (the config's list `published`)",
        false,
      )
      .option("--json", json, false),
  ).addHelpText("after", () => wrapIndented(helpOnKeys(parts), terminalColumns()));
  command.parse(rest, { from: "user" });
  const say = (line: string) => progress.say(line);
  await tidyData(DATA, { say }, command.opts().output);
  engineChoice(); // a wrong one is an error before any work
  const options = command.opts();
  if (choosesRun && command.getOptionValueSource("config") !== "cli") {
    options.run ??= options.name ?? (await onlyRun(DATA, say)).folder;
  }
  const given: string | string[] = options.run ?? [];
  checkOverrides(name, overrides, { ...options, run: [given].flat().at(0) }, parts);
  const runs = Array.isArray(given)
    ? (await Promise.all(given.map((names) => locateRuns(DATA, names)))).flat()
    : [await locateRun(DATA, given)];
  if (runs.length > 0) options.run = runs[0].folder;
  if (options.from !== undefined) options.from = (await locateRun(DATA, options.from)).folder;
  const file = options.config === DEFAULT_CONFIG ? undefined : options.config;
  const config = await startedFrom(
    options.from,
    await loadConfig({
      base: options.run && file === undefined ? await new Run(options.run).readConfig() : undefined,
      file,
      overrides,
      name: options.name,
      published: options.published,
      say,
    }),
  );
  return {
    options,
    files: command.args,
    runs,
    experiment: {
      config,
      data: DATA,
      uses: usesUntilExit(),
      engine: () => startEngine({ say, signal }),
      say,
      onProgress: (stage, done, total, note) => progress.show(stage, done, total, note),
      signal,
    },
  };
}

/** Says which keys of the config are for the task, and where all are listed. */
function helpOnKeys(parts?: readonly string[]): string {
  const keys = `set by --KEY=VALUE, or --KEY=default:\n${describeConfig(parts)}`;
  return parts === undefined
    ? `\nKeys of the config, each ${keys}`
    : `\nKeys of the config that are for this task, each ${keys}\n\n` +
      "`deno task train --help` lists all keys.";
}

/**
 * Checks that no option contradicts a run that is given: what it has stays as it is.
 *
 * @throws {UsageError} for `--from=RUN --model.units=3`
 */
function checkOverrides(
  task: string,
  overrides: readonly string[],
  { run, from }: { run?: string; from?: string },
  parts?: readonly string[],
): void {
  for (const override of overrides) {
    const [key] = override.split("=", 1);
    const isIn = (names: readonly string[]) =>
      names.some((name) => `${key}.`.startsWith(`${name}.`));
    if (from !== undefined && isIn(TAKEN_OVER)) {
      throw new UsageError(
        `--from=${from} takes over the run's text settings and model, so --${key} would change ` +
          `nothing: leave one of them out`,
      );
    }
    if (run !== undefined && parts !== undefined && !isIn(parts)) {
      throw new UsageError(
        `--run=${run} is trained already, so --${key} would change nothing: leave it out; ` +
          `${task} takes keys of ${parts.join(" and ")}`,
      );
    }
  }
}

/**
 * Training that starts from a run's weights takes over that run's text settings and model, and that
 * it has no network where features come from a file again.
 */
async function startedFrom(run: string | undefined, config: Config): Promise<Config> {
  if (run === undefined) return config;
  const { text, model, encoder: { kind } } = await new Run(run).readConfig();
  const { features, precision, shardSize } = config.encoder;
  const encoder = kind === "features" && features !== undefined
    ? { kind: "features" as const, features, precision, shardSize }
    : config.encoder;
  return { ...config, encoder, text, model, training: { ...config.training, from: run } };
}
