import type { Weights } from "../models/mod.ts";
import { encodeSafetensors, openSafetensors, writeFileWhole } from "../storage/mod.ts";

/** Where training stood after an epoch. */
export interface Checkpoint {
  /** The decoder's weights. */
  weights: Weights;
  /** Adam's moments, `NAME/m` and `NAME/v`. */
  moments: Weights;
  /** Steps of Adam done. */
  steps: number;
  /** The last epoch that was finished, counted from 0. */
  epoch: number;
  /** The learning rate of the next step. */
  learningRate: number;
  /** States of the callbacks by name. */
  callbacks: Record<string, unknown>;
}

const MOMENTS = "adam/";
const FORMAT = "showtell-checkpoint-1";

/** Writes a checkpoint as safetensors, whole or not at all. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { weights, moments, steps, epoch, learningRate, callbacks } = checkpoint;
  const tensors = new Map(weights);
  for (const [name, moment] of moments) tensors.set(MOMENTS + name, moment);
  const about = JSON.stringify({ steps, epoch, learningRate, callbacks });
  await writeFileWhole(path, encodeSafetensors(tensors, { format: FORMAT, about }));
}

/**
 * Reads what {@linkcode writeCheckpoint} wrote.
 *
 * @throws {Error} if it is no checkpoint, naming the file
 */
export function readCheckpoint(path: string): Checkpoint {
  using file = openSafetensors(path);
  if (file.metadata.format !== FORMAT) {
    throw new Error(`${path} is no checkpoint of this version: train the run again`);
  }
  const weights: Weights = new Map();
  const moments: Weights = new Map();
  for (const name of file.tensors.keys()) {
    const { shape, data } = file.read(name);
    const tensor = { shape, data: data as Float32Array };
    if (name.startsWith(MOMENTS)) moments.set(name.slice(MOMENTS.length), tensor);
    else weights.set(name, tensor);
  }
  return { weights, moments, ...JSON.parse(file.metadata.about) };
}
