import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { writeFileWhole } from "../../storage/mod.ts";

/** Browsers keep files of this size in their cache. */
const SHARD = 4 * 1024 * 1024;

/** Written as `convertedBy`; TF.js ignores it. */
const MAKER = "Showtell";

/**
 * Writes a model as TF.js' converter does: `model.json` and weights in shards of 4 MB, at most two of
 * which are in memory at once. `tf.loadLayersModel` reads it.
 *
 * @returns names of the files, `model.json` last
 */
export async function writeLayersModel(folder: string, model: tf.LayersModel): Promise<string[]> {
  const weights = model.weights.map((weight) => ({
    name: weight.originalName,
    shape: weight.shape as number[],
    dtype: "float32" as const,
  }));
  const bytes = weights.reduce(
    (sum, { shape }) => sum + 4 * shape.reduce((product, side) => product * side, 1),
    0,
  );
  const count = Math.max(1, Math.ceil(bytes / SHARD));
  const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  let written = 0;
  let filled = 0;
  const next = () => new Uint8Array(Math.max(0, Math.min(SHARD, bytes - SHARD * written)));
  let shard = next();
  for (const weight of model.weights) {
    const { buffer, byteOffset, byteLength } = await weight.read().data();
    const values = new Uint8Array(buffer, byteOffset, byteLength);
    for (let at = 0; at < values.length;) {
      const piece = values.subarray(at, at + shard.length - filled);
      shard.set(piece, filled);
      at += piece.length;
      filled += piece.length;
      if (filled < shard.length) continue;
      await writeFileWhole(join(folder, paths[written++]), shard);
      shard = next();
      filled = 0;
    }
  }
  const topology = {
    format: "layers-model",
    generatedBy: "TensorFlow.js tfjs-layers",
    convertedBy: MAKER,
    modelTopology: model.toJSON(undefined, false),
    weightsManifest: [{ paths, weights }],
  };
  await writeFileWhole(join(folder, "model.json"), JSON.stringify(topology));
  return [...paths, "model.json"];
}
