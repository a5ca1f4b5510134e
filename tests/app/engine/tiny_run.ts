import { join } from "node:path";
import { parseConfig } from "../../../lib/config/mod.ts";
import { startEngine } from "../../../lib/engine/mod.ts";
import { Run } from "../../../lib/run/mod.ts";
import { type Experiment, throughTraining } from "../../../lib/stages/mod.ts";

/** Trained in a few seconds, with everything that the default run has. */
const tiny = {
  name: "tiny",
  description: "A few drawn photos",
  dataset: { kind: "shapes", train: 60, dev: 15, test: 10 },
  encoder: { kind: "shapes_cnn", shardSize: 32 },
  text: { minCount: 2 },
  model: { kind: "merge", embedding: 16, units: 16, dense: 16 },
  training: { epochs: 2, batchSize: 16, learningRate: 0.02 },
  decoding: { beam: 3 },
};

/** A run trained on drawn photos, with its data folder; deleted afterwards. */
export async function withTinyRun(fn: (run: Run, data: string) => Promise<void>): Promise<void> {
  const data = await Deno.makeTempDir({ prefix: "showtell-test-" });
  try {
    const experiment: Experiment = {
      config: parseConfig(tiny, "the tiny config"),
      data,
      engine: () => startEngine(),
      say: () => {},
    };
    await throughTraining(experiment);
    await fn(Run.named(tiny.name, data), data);
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

/** The files of the run's photos of a split, as bytes. */
export async function photosOf(data: string, split: "dev" | "test"): Promise<Uint8Array[]> {
  const sets = join(data, "datasets");
  const [{ name }] = await Array.fromAsync(Deno.readDir(sets));
  const folder = join(sets, name, "photos");
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
    .filter((name) => name.startsWith(split)).sort();
  return await Promise.all(names.map((name) => Deno.readFile(join(folder, name))));
}
