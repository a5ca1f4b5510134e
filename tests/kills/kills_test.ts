import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { createDecoder } from "../../lib/models/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { listRuns, Run } from "../../lib/run/mod.ts";
import { tidyData } from "../../lib/stages/mod.ts";
import { digestFile, exists } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { countOf, seed } from "../sample.ts";
import { filesUnder } from "../tasks/task.ts";
import {
  doWork,
  exportDescribed,
  importUnits,
  makeSource,
  type Place,
  type Work,
  works,
} from "./work.ts";

const ignore = !granted("read", "write", "run", "env", "ffi", "sys");

/** Kills of each work, `-- kills=100`. */
const KILLS = countOf("kills", { few: 1, all: 100 });

const preload = new URL("./kill_at.ts", import.meta.url).pathname;
const program = new URL("./work.ts", import.meta.url).pathname;

/** What is there before a work, by its name, and whether that is done for every second kill only. */
const before: Record<Work, { make: (place: Place) => Promise<void>; half?: boolean }> = {
  train: { make: () => Promise.resolve() },
  overwrite: { make: (place) => works.train(place) },
  again: { make: (place) => works.train(place) },
  import: { make: (place) => importUnits(place, 4), half: true },
  export: {
    make: async (place) => {
      await works.train(place);
      await exportDescribed(place, "old");
    },
  },
};

/** A run as `deno task runs` shows it, and what its weights are. */
interface ShownRun {
  /** Of its best checkpoint, or how far its training is. */
  weights: string;
  /** Of its evaluations. */
  scores: string;
}

for (const work of Object.keys(works) as Work[]) {
  Deno.test({
    name: `${work} killed at any file operation: whole or absent, and done by the next command`,
    ignore,
    fn: async () => {
      await tf.setBackend("cpu");
      const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
      try {
        await killEverywhere(work, folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

async function killEverywhere(work: Work, folder: string): Promise<void> {
  const source = join(folder, "source");
  await makeSource(source);
  const place = (name: string): Place => ({ source, data: join(folder, name) });
  await before[work].make(place("old"));
  await copyFolder(join(folder, "old"), join(folder, "whole"));
  const { out } = await start(work, place("whole"), 0);
  const operations = Number(/operations: (\d+)/.exec(out)?.[1]);
  assert(operations > 10, out);
  const results = {
    old: await stateOf(join(folder, "old")),
    whole: await stateOf(join(folder, "whole")),
  };
  const random = new Random(seed, "kills", work);
  let met = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const at = random.integer(1, operations + 1);
    const what = `${work}, killed at file operation ${at} of ${operations}, seed ${seed}`;
    const data = join(folder, "killed");
    if (!before[work].half || kill % 2 === 0) await copyFolder(join(folder, "old"), data);
    const { signal } = await start(work, { source, data }, at);
    if (signal === "SIGKILL") {
      met++;
      await assertTrue(await stateOf(data), results, what);
      await tidyData(data);
      const tidied = await stateOf(data);
      await assertTrue(tidied, results, what);
      assertEquals(await leftovers(data), [], what);
      if (work === "export") assert(tidied.exported !== undefined, `${what}: no export is left`);
    }
    await doWork(work, { source, data });
    const { runs, exported } = await stateOf(data);
    assertEquals({ runs, exported }, results.whole, what);
    assertEquals(await leftovers(data), [], what);
    await Deno.remove(data, { recursive: true });
  }
  // The number of operations varies by a few: the last ones may not be reached.
  assert(met >= Math.floor(KILLS * 0.9), `${met} of ${KILLS} kills met the work`);
}

/** Starts a work in a process of its own, which is killed at that operation. */
async function start(work: Work, { source, data }: Place, at: number) {
  const { signal, stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", `--preload=${preload}`, program, work, source, data],
    env: { KILL_AT: String(at) },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert(success || signal === "SIGKILL", text(stderr));
  return { signal, out: text(stdout) };
}

interface State {
  runs: Record<string, ShownRun>;
  /** Digests of an export's files. */
  exported?: Record<string, string>;
}

/** What the lists of runs and exports say, after reading what they name. */
async function stateOf(data: string): Promise<State> {
  const runs: State["runs"] = {};
  for (
    const { name, folder, config, problem, training, warnings, evaluations } of await listRuns(data)
  ) {
    const isEvaluationCut = warnings.some((line) => line.includes("evaluation was cut off"));
    const expected = training === undefined || isEvaluationCut ? 1 : 0;
    assertEquals([problem, warnings.length], [undefined, expected], folder);
    const run = new Run(folder);
    const scores = Object.entries(evaluations).map(([on, { scores }]) => [on, scores]);
    if (training !== undefined) {
      const { vocabularySize } = await run.readTokenizer();
      const { featureShape } = training;
      await run.readWeights(createDecoder(config!.model, { vocabularySize, featureShape }));
      await run.readSeenPhotos();
      await run.readHistory();
    }
    runs[name] = {
      weights: training === undefined
        ? "in training"
        : `${config!.model.kind} ${training.epochs} ${await digestFile(run.paths.best)}`,
      scores: JSON.stringify(scores),
    };
  }
  const folder = join(data, "exports");
  if (!await exists(folder)) return { runs, exported: undefined };
  const exported: Record<string, string> = {};
  for (const file of await filesUnder(folder)) {
    if (!file.startsWith(".")) exported[file] = await digestFile(join(folder, file));
  }
  return { runs, exported: Object.keys(exported).length === 0 ? undefined : exported };
}

/** Each run and the export are those of before or of after, or absent, or in training without scores. */
function assertTrue(state: State, results: { old: State; whole: State }, what: string): void {
  const { old, whole } = results;
  for (const [name, found] of Object.entries(state.runs)) {
    const known = [old.runs[name], whole.runs[name]].filter((run) => run !== undefined);
    const scoresOf = known.find(({ weights }) => weights === found.weights)?.scores;
    const allowed = found.weights === "in training" ? ["[]"] : ["[]", scoresOf];
    assert(
      allowed.includes(found.scores) && (allowed.length === 1 || scoresOf !== undefined),
      `${what}: ${name} has ${JSON.stringify(found)} of ${JSON.stringify(known)}`,
    );
  }
  if (state.exported === undefined) return;
  const isKnown = [old, whole].some(({ exported }) =>
    JSON.stringify(exported) === JSON.stringify(state.exported)
  );
  assert(isKnown, `${what}: ${JSON.stringify(state.exported)}`);
}

async function leftovers(data: string): Promise<string[]> {
  return (await filesUnder(data).catch(() => [] as string[]))
    .filter((file) => /(^|\/)\.|\.(tmp|lock|use|part)$/.test(file));
}

async function copyFolder(from: string, to: string): Promise<void> {
  if (!await exists(from)) return;
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}
