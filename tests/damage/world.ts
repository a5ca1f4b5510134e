import { basename, join } from "node:path";
import { type Config, loadConfig, resolvePaths } from "../../lib/config/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import { Run } from "../../lib/run/mod.ts";
import { type Experiment, exportRun, throughEvaluation } from "../../lib/stages/mod.ts";
import { filesUnder, run, tiny } from "../tasks/task.ts";

/** Runs that the made folder has: one trained, one imported, one that started from that. */
export const runNames = { own: "tiny", imported: "old", child: "child" } as const;

/** Name of a run. */
export type RunName = typeof runNames[keyof typeof runNames];

const trained = {
  ...tiny,
  training: { ...tiny.training, epochs: 3, tensorBoard: true },
  evaluation: { metrics: ["bleu"] },
};

/**
 * A working folder as after a few evenings of work, whole, and a copy of it: every kind of file that
 * the tasks write lies under its `data/`.
 */
export class World implements AsyncDisposable {
  /** The working folder. */
  readonly folder: string;
  /** The files under `data/` while nothing is damaged, relative to the working folder. */
  readonly files: readonly string[];
  readonly #whole: string;

  private constructor(folder: string, whole: string, files: readonly string[]) {
    this.folder = folder;
    this.#whole = whole;
    this.files = files;
  }

  /**
   * Makes it.
   *
   * @param hasPage whether an export for a web page is there, which takes longest
   */
  static async make(hasPage: boolean): Promise<World> {
    const base = await Deno.makeTempDir({ prefix: "showtell-damage-" });
    const folder = join(base, "work");
    await Deno.mkdir(folder);
    await fill(folder, hasPage);
    const whole = join(base, "whole");
    await copyTree(folder, whole);
    return new World(folder, whole, await filesUnder(folder, "data"));
  }

  /** An experiment of this folder, as the notebooks open one. */
  async experiment(
    run: RunName,
    say: (line: string) => void,
    overrides: string[] = [],
  ): Promise<Experiment> {
    return await experimentOf(this.folder, run, say, overrides);
  }

  /** A run of this folder. */
  run(name: RunName): Run {
    return Run.named(name, join(this.folder, "data"));
  }

  /** Restores whatever is not as it was; the damaged file in any case. */
  async restore(damaged?: string): Promise<void> {
    if (damaged !== undefined) {
      await Deno.remove(join(this.folder, damaged), { recursive: true }).catch(() => {});
    }
    await copyTree(this.#whole, this.folder);
  }

  /** Files under `data/` that are not as they were, relative to the working folder. */
  async changed(): Promise<Set<string>> {
    const there = await filesUnder(this.folder, "data");
    const changed = new Set(there.filter((file) => !this.files.includes(file)));
    for (const file of this.files) {
      const [a, b] = await Promise.all(
        [this.folder, this.#whole].map((folder) =>
          Deno.stat(join(folder, file)).catch(() => undefined)
        ),
      );
      if (a?.size !== b?.size || a?.mtime?.getTime() !== b?.mtime?.getTime()) changed.add(file);
    }
    return changed;
  }

  /** Restores one file alone, as from a backup. */
  async restoreFile(path: string): Promise<void> {
    await Deno.remove(join(this.folder, path), { recursive: true }).catch(() => {});
    await copyFile(join(this.#whole, path), join(this.folder, path));
  }

  /** Imports the files of the imported run again. */
  async importAgain(): Promise<void> {
    await importProject(this.folder, "--overwrite");
  }

  /** Deletes both. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(join(this.folder, ".."), { recursive: true });
  }
}

async function experimentOf(
  folder: string,
  run: RunName,
  say: (line: string) => void,
  overrides: string[] = [],
): Promise<Experiment> {
  const written: Config = run === runNames.imported
    ? await Run.named(run, join(folder, "data")).readConfig()
    : await loadConfig({ file: join(folder, `${run}.json`), folder, overrides });
  return {
    config: resolvePaths(written, folder),
    written: { config: written, root: folder },
    data: join(folder, "data"),
    engine: () => startEngine(),
    say,
  };
}

async function fill(folder: string, hasPage: boolean): Promise<void> {
  const { own, imported, child } = runNames;
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  await Deno.writeTextFile(join(folder, `${own}.json`), JSON.stringify(trained));
  const experiment = await experimentOf(folder, own, say);
  const { prepared } = await throughEvaluation(experiment);
  const photos = (await prepared.captions("test")).map(({ photo }) => photo);
  await Deno.copyFile(join(prepared.photoFolder, photos[0]), join(folder, "photo.jpg"));
  const run = Run.named(own, experiment.data).folder;
  for (const format of ["keras", "h5", ...hasPage ? ["tfjs" as const] : []] as const) {
    await exportRun(experiment, { run, format });
  }
  await makeOwnPhotos(folder, prepared.photoFolder);
  await makeProject(folder);
  await importProject(folder);
  const { text, model } = await Run.named(imported, experiment.data).readConfig();
  const config = {
    ...trained,
    name: child,
    dataset: { kind: "folder", source: "own_photos", split: { train: 0.6, dev: 0.2, test: 0.2 } },
    encoder: { ...trained.encoder, precision: "float16" },
    text,
    model,
    training: { ...trained.training, epochs: 2, from: `data/runs/${imported}` },
  };
  await Deno.writeTextFile(join(folder, `${child}.json`), JSON.stringify(config));
  await throughEvaluation(await experimentOf(folder, child, say));
}

/** Photos of the user's own, which lie elsewhere than under `data/`. */
async function makeOwnPhotos(folder: string, drawn: string): Promise<void> {
  const own = join(folder, "own_photos");
  await Deno.mkdir(own);
  const rows = ["file,caption"];
  for (const { name } of [...Deno.readDirSync(drawn)].toSorted(byName).slice(0, 30)) {
    await Deno.copyFile(join(drawn, name), join(own, name));
    rows.push(`${name},a shape`, `${name},there is a shape`);
  }
  await Deno.writeTextFile(join(own, "captions.csv"), rows.join("\n") + "\n");
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** The first run's export, as the project of someone else. */
async function makeProject(folder: string): Promise<void> {
  const project = join(folder, "project");
  await copyTree(join(folder, "data/exports/tiny-keras"), project);
  await Deno.writeTextFile(join(project, "trained_on.txt"), "train_00001.jpg\n");
}

/** Imports it, as the user did and does again where the run is lost. */
async function importProject(folder: string, ...options: string[]): Promise<void> {
  const project = join(folder, "project");
  const files = (await filesUnder(project)).filter((name) => /\.keras$|^tokenizer\./.test(name));
  const { code, err } = await run(
    folder,
    "import",
    `--name=${runNames.imported}`,
    ...options,
    "--encoder.kind=shapes_cnn",
    "--trained-on=project/trained_on.txt",
    ...files.map((name) => `project/${basename(name)}`),
  );
  if (code !== 0) throw new Error(err);
}

/** Makes a folder equal to another: contents and times; what is there already is not written. */
async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  const kept = new Map([...Deno.readDirSync(from)].map((entry) => [entry.name, entry]));
  for (const { name, isDirectory } of [...Deno.readDirSync(to)]) {
    if (kept.get(name)?.isDirectory === isDirectory) continue;
    await Deno.remove(join(to, name), { recursive: true });
  }
  for (const [name, { isDirectory }] of kept) {
    if (isDirectory) await copyTree(join(from, name), join(to, name));
    else await copyFile(join(from, name), join(to, name));
  }
}

async function copyFile(from: string, to: string): Promise<void> {
  const { size, mtime } = await Deno.stat(from);
  const there = await Deno.stat(to).catch(() => undefined);
  if (there?.size === size && there.mtime?.getTime() === mtime?.getTime()) return;
  await Deno.copyFile(from, to);
  await Deno.utime(to, mtime!, mtime!);
}
