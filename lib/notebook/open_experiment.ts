import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Config, loadConfig, resolvePaths } from "../config/mod.ts";
import { startEngine } from "../engine/mod.ts";
import { OtherConfigError, Run } from "../run/mod.ts";
import { type Experiment, tidyData } from "../stages/mod.ts";
import { exists, type FolderUses, OtherVersionError, usesUntilExit } from "../storage/mod.ts";
import { printLine } from "./print_line.ts";
import { configOverrides, type Settings } from "./settings.ts";
import { inSettings } from "./settings_words.ts";
import { told, ToldError } from "./told_error.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What this process uses: cells that read before do not keep it from writing. */
class KernelUses {
  static #uses?: FolderUses;

  /** Lets go of what earlier experiments used. */
  static begin(): FolderUses {
    this.#uses ??= usesUntilExit();
    this.#uses[Symbol.dispose]();
    return this.#uses;
  }
}

/**
 * The experiment that a notebook works on: the config that the settings name, otherwise
 * `SHOWTELL_CONFIG`, otherwise the default one (for photos of one's own: my_photos), and the settings
 * over it. Relative paths start from the repository's folder wherever the notebook runs, as they do
 * in the tasks. Everything is written under `data/` there, or where `SHOWTELL_DATA` says.
 *
 * @throws {ToldError} naming the setting, what was found and what is allowed; or the settings that
 * differ from those of the run of that name; or what is damaged, and what to do
 */
export async function openExperiment(settings: Settings = {}): Promise<Experiment> {
  try {
    return await open(settings);
  } catch (error) {
    throw told(error);
  }
}

async function open(settings: Settings): Promise<Experiment> {
  const say = (line: string) => printLine(inSettings(line));
  const data = resolve(root, Deno.env.get("SHOWTELL_DATA") ?? "data");
  const written = await readConfig(settings);
  const uses = KernelUses.begin();
  await tidyData(data, { say });
  const run = Run.named(written.name, data);
  await checkRun(run, written, settings.overwrite === true, say);
  const { dataset, encoder, training } = written;
  say(
    `Run ${written.name}: ${dataset.kind} photos, ${encoder.kind} features, ` +
      `${training.epochs} epochs, in ${shown(run.folder)}`,
  );
  return {
    config: resolvePaths(written, root),
    written: { config: written, root },
    data,
    uses,
    engine: () => startEngine({ say }),
    say,
  };
}

async function readConfig(settings: Settings): Promise<Config> {
  return await loadConfig({
    file: settings.config ?? Deno.env.get("SHOWTELL_CONFIG") ??
      (settings.photos === undefined ? undefined : "my_photos"),
    folder: root,
    overrides: configOverrides(settings),
    name: settings.name,
  });
}

/** Before any work: a run of other settings is refused at once, or deleted if that is wanted. */
async function checkRun(
  run: Run,
  config: Config,
  overwrite: boolean,
  say: (line: string) => void,
): Promise<void> {
  try {
    await run.check(config);
  } catch (error) {
    const isOther = error instanceof OtherConfigError || error instanceof OtherVersionError;
    if (overwrite && isOther) {
      using _lock = await run.lock({ say });
      return await run.begin(config, { overwrite, say });
    }
    if (!(error instanceof OtherConfigError)) throw error;
    throw new ToldError(
      "Settings",
      `there is a run "${run.name}" with others: ${error.changed}. Write another name in the ` +
        `settings cell, such as name: "${await freeName(
          run,
        )}", or overwrite: true, which deletes ` +
        "that run.",
    );
  }
}

/** As seen from the repository, if it lies there. */
function shown(folder: string): string {
  const path = relative(root, folder);
  return path.startsWith("..") ? folder : path;
}

async function freeName({ folder, name }: Run): Promise<string> {
  for (let number = 2;; number++) {
    if (!await exists(join(folder, "..", `${name}-${number}`))) return `${name}-${number}`;
  }
}
