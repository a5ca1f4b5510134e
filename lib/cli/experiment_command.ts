import type { Command } from "commander";
import {
  type Config,
  configKeys,
  DEFAULT_CONFIG,
  describeConfig,
  loadConfig,
} from "../config/mod.ts";
import { engineChoice, startEngine } from "../engine/mod.ts";
import { locateRun, Run } from "../run/mod.ts";
import type { Experiment } from "../stages/mod.ts";
import type { Task } from "./run_task.ts";
import { splitOverrides } from "./split_overrides.ts";
import { taskCommand } from "./task_command.ts";
import { UsageError } from "./usage_error.ts";

/** Where everything is written, under the working folder. */
const DATA = "data";

/** A task's parsed arguments. */
export interface ExperimentArguments {
  /** The config, and how the task reports its progress. */
  experiment: Experiment;
  /** The task's own options. */
  options: Record<string, string | boolean | undefined>;
  /** Arguments without a dash. */
  files: string[];
}

/**
 * Parses the arguments of a task that works on a config: `--config`, `--name`, dotted overrides of
 * single keys, `--json`, and the task's own.
 *
 * @param extend adds the task's own options to the command
 * @throws {UsageError} if they are invalid
 * @throws {RangeError} if `SHOWTELL_ENGINE` names no engine
 */
export async function experimentArguments(
  name: string,
  description: string,
  { argv, signal, progress }: Task,
  extend: (command: Command) => Command = (command) => command,
): Promise<ExperimentArguments> {
  const { overrides, rest } = splitOverrides(argv);
  const command = extend(
    taskCommand(name, description)
      .option(
        "--config <config>",
        "the experiment: name of a config in configs/, or path of a JSON file (.jsonc, .json)",
        DEFAULT_CONFIG,
      )
      .option("--name <name>", "name of the run, instead of the config's")
      .option(
        "--published",
        "restore what the published system did, faults included (the config's list `published`)",
        false,
      )
      .option("--json", "print one JSON document on standard output", false),
  ).addHelpText(
    "after",
    () => `\nKeys of the config, each set by --KEY=VALUE:\n${describeConfig()}`,
  );
  checkOptions(command, rest);
  command.parse(rest, { from: "user" });
  engineChoice(); // a wrong one is an error before any work
  const options = command.opts();
  for (const name of ["run", "from"]) {
    if (options[name] !== undefined) {
      options[name] = (await locateRun(DATA, options[name])).folder;
    }
  }
  const file = options.config === DEFAULT_CONFIG ? undefined : options.config;
  const config = await startedFrom(
    options.from,
    await loadConfig({
      base: options.run && file === undefined ? await new Run(options.run).readConfig() : undefined,
      file,
      overrides,
      name: options.name,
      published: options.published,
    }),
  );
  const say = (line: string) => progress.say(line);
  return {
    options,
    files: command.args,
    experiment: {
      config,
      data: DATA,
      engine: () => startEngine({ say }),
      say,
      onProgress: (stage, done, total, note) => progress.show(stage, done, total, note),
      signal,
    },
  };
}

/**
 * Points to the key of the config that an unknown option may stand for.
 *
 * @throws {UsageError} for `--epochs=3`, which is `--training.epochs=3`
 */
function checkOptions(command: Command, argv: readonly string[]): void {
  const known = new Set(command.options.map(({ long }) => long));
  for (const argument of argv) {
    const [option] = argument.split("=", 1);
    if (!/^--[a-z]/i.test(option) || option === "--help" || known.has(option)) continue;
    const word = option.slice(2).replace(/[-_]([a-z])/g, (_, letter) => letter.toUpperCase());
    const keys = configKeys().filter((key) => key.toLowerCase().endsWith(`.${word.toLowerCase()}`));
    if (keys.length === 0) continue;
    const choices = keys.slice(0, 4).map((key) => `--${key}`).join(" or ");
    throw new UsageError(`There is no option ${option}; did you mean ${choices}?`);
  }
}

/** Training that starts from a run's weights takes over that run's text settings and model. */
async function startedFrom(run: string | undefined, config: Config): Promise<Config> {
  if (run === undefined) return config;
  const { text, model } = await new Run(run).readConfig();
  return { ...config, text, model, training: { ...config.training, from: run } };
}
