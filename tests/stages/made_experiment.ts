import { join } from "node:path";
import { type Config, loadConfig } from "../../lib/config/mod.ts";
import type { Engine } from "../../lib/engine/mod.ts";
import { plainAdam } from "../../lib/nn/mod.ts";
import type { Experiment } from "../../lib/stages/mod.ts";
import { npyOf, npyOfTexts } from "../python/npy_file.ts";
import { archiveOf } from "../interchange/zip_archive.ts";

const engine: Engine = { name: "wasm", description: "plain", gpu: false, optimizer: plainAdam };

/** Photos of the data set. */
export const photos = Array.from({ length: 20 }, (_, i) => `${i}.jpg`);

/** A data set laid out like Flickr8k, with features from a file, so that no photo is decoded. */
export async function makeSource(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, "Images"), { recursive: true });
  const rows = photos.map((photo, i) => `${photo},a ${i % 2 ? "red" : "blue"} circle\n`);
  await Deno.writeTextFile(join(folder, "captions.txt"), `image,caption\n${rows.join("")}`);
  for (const photo of photos) await Deno.writeTextFile(join(folder, "Images", photo), photo);
  const matrix = Float32Array.from({ length: 2 * photos.length }, (_, i) => Math.sin(i));
  const features = archiveOf([
    { name: "x.npy", content: npyOf("<f4", [photos.length, 2], matrix) },
    { name: "names.npy", content: npyOfTexts(photos) },
  ]);
  await Deno.writeFile(join(folder, "features.npz"), features);
}

/**
 * An experiment on that data set, with a network so small that an epoch takes milliseconds on TF.js'
 * plain backend.
 */
export async function madeExperiment(
  source: string,
  data: string,
  overrides: readonly string[] = [],
): Promise<Experiment & { lines: string[] }> {
  const config = await loadConfig({
    overrides: [
      "dataset.kind=flickr8k",
      `dataset.source=${source}`,
      'dataset.split={"train": 0.6, "dev": 0.2, "test": 0.2}',
      `encoder.features=${join(source, "features.npz")}`,
      ...["model.embedding=2", "model.units=2", "model.dense=2", "text.minCount=1"],
      ...["training.epochs=1", "decoding.beam=1", "decoding.maxLength=4"],
      ...overrides,
    ],
  });
  return overheard(config, data, engine);
}

/** An experiment of which is kept what it says. */
export function overheard(
  config: Config,
  data: string,
  engine: Engine,
): Experiment & { lines: string[] } {
  const lines: string[] = [];
  return {
    config,
    data,
    engine: () => Promise.resolve(engine),
    say: (line) => void lines.push(line),
    lines,
  };
}
