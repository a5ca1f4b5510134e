import { join } from "node:path";
import { findRun, type ListedRun, listRuns } from "../../lib/run/mod.ts";
import {
  captioningConfig,
  evaluateRun,
  exportRun,
  openCaptioner,
  throughEvaluation,
} from "../../lib/stages/mod.ts";
import { openSafetensors, sha256 } from "../../lib/storage/mod.ts";
import { filesUnder } from "../tasks/task.ts";
import { type RunName, runNames, type World } from "./world.ts";

/** What is done with a damaged folder. */
export interface Work {
  /** Its name. */
  readonly name: string;
  /** Does it in this process. */
  readonly here?: (world: World, say: (line: string) => void) => Promise<unknown>;
  /** Does it by a task: its name and arguments. */
  readonly task?: readonly string[];
  /** Does it by a notebook. */
  readonly notebook?: string;
  /** All that must be as without damage. @param printed by the task, or returned */
  readonly result: (world: World, printed: unknown) => Promise<unknown>;
}

const { own, imported, child } = runNames;
const BEAM = "decoding.beam=2";
const checked = (name: string, format: string) => `data/exports/checked-${name}-${format}`;

/** The tasks that a damage must not mislead. */
export const works: readonly Work[] = [
  ...[own, child].map((name): Work => ({
    name: `train ${name}`,
    here: async (world, say) => void await throughEvaluation(await world.experiment(name, say)),
    task: ["train", `--config=${name}.json`],
    result: (world) => trainedResult(world, name),
  })),
  ...[own, child].flatMap((name) =>
    [[], [BEAM]].map((overrides): Work => ({
      name: `evaluate ${name} ${overrides}`,
      here: async (world, say) =>
        void await evaluateRun(await world.experiment(name, say, overrides), world.run(name)),
      task: ["evaluate", `--config=${name}.json`, `--run=data/runs/${name}`]
        .concat(overrides.map((override) => `--${override}`)),
      result: (world) => evaluationResult(world, name),
    }))
  ),
  ...[own, imported, child].map((name): Work => ({
    name: `caption ${name}`,
    here: (world, say) => captionPhoto(world, name, say),
    task: ["caption", `--run=data/runs/${name}`, "--json", "photo.jpg"],
    result: (_, printed) => Promise.resolve(captionOf(printed)),
  })),
  ...([[own, "keras"], [imported, "h5"], [child, "tfjs"]] as const).map(([name, format]): Work => ({
    name: `export ${name} ${format}`,
    here: async (world, say) => {
      const { config, ...rest } = await world.experiment(name, say);
      const run = world.run(name).folder;
      const output = join(world.folder, checked(name, format));
      void await exportRun({ ...rest, config }, { run, format, output });
    },
    task: [
      "export",
      `--run=data/runs/${name}`,
      `--format=${format}`,
      `--output=${checked(name, format)}`,
    ],
    result: (world) => exportResult(join(world.folder, checked(name, format))),
  })),
  {
    name: "runs",
    here: async (world) => (await listRuns(join(world.folder, "data"))).map(listed),
    task: ["runs", "--json"],
    result: (_, printed) => Promise.resolve(listedResult(printed)),
  },
  {
    name: "runs show",
    here: async (world) => listed(await findRun(join(world.folder, "data"), own)),
    task: ["runs", "show", own, "--json"],
    result: (_, printed) => Promise.resolve(listedResult([printed])),
  },
  {
    name: "notebook 05",
    notebook: "05_evaluate",
    result: (world) => evaluationResult(world, own),
  },
];

/** Weights, words, curves and scores of a run. */
async function trainedResult(world: World, name: RunName): Promise<unknown> {
  const run = world.run(name);
  const history = await run.readHistory();
  // Restored history has no times, so its digest is another one.
  const { files: _, ...training } = { files: undefined, ...await run.readTraining() };
  return {
    weights: weightsOf(run.paths.best),
    tokenizer: await Deno.readTextFile(run.paths.tokenizer),
    history: history.map(({ seconds: _, ...line }) => line),
    training: { ...training, wordsPerSecond: 0 },
    evaluation: await evaluationResult(world, name),
  };
}

/** Digests of the tensors of a checkpoint. */
function weightsOf(path: string): Record<string, string> {
  using file = openSafetensors(path);
  return Object.fromEntries(
    [...file.tensors.keys()].toSorted().map((name) => {
      const { data } = file.read(name);
      return [name, sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
    }),
  );
}

/** Scores and captions of a run on its own data. */
async function evaluationResult(world: World, name: RunName): Promise<unknown> {
  const run = world.run(name);
  const kind = name === own ? "shapes" : "folder";
  const found = run.evaluation(`${kind}-test`);
  return {
    ...await found.read(),
    captionsPerSecond: 0,
    captions: await found.readPhotos(),
    figures: (await found.readFigures()).scores,
  };
}

async function captionPhoto(world: World, name: RunName, say: (line: string) => void) {
  const experiment = await world.experiment(name, say);
  const run = world.run(name);
  const config = await captioningConfig(run, experiment.config);
  const engine = await experiment.engine();
  const captioner = await openCaptioner(run, { engine, config, say });
  try {
    return (await captioner.captionPhotos([join(world.folder, "photo.jpg")]))[0];
  } finally {
    await captioner.dispose();
  }
}

function captionOf(printed: unknown): unknown {
  const { caption, words, logProbability } = printed as Record<string, unknown>;
  return { caption, words, logProbability };
}

async function exportResult(folder: string): Promise<unknown> {
  const files = await filesUnder(folder);
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [file, sha256(await Deno.readFile(join(folder, file)))]),
    ),
  );
}

/** As `runs --json` prints it. */
function listed({ config, training, ...run }: ListedRun): unknown {
  return { ...run, dataset: config?.dataset.kind, epochs: training?.epochs };
}

/** Whatever is told of a run but its date, its size and its speed. */
function listedResult(printed: unknown): unknown {
  const runs = printed as Record<string, unknown>[];
  return runs.map(({ name, problem, warnings, dataset, epochs, evaluations }) => ({
    name,
    problems: [problem ?? [], warnings].flat(),
    dataset,
    epochs,
    evaluations: JSON.stringify(evaluations).replace(/"captionsPerSecond":[\d.e+-]+,/g, ""),
  }));
}
