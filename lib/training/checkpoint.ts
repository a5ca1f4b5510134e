import type { Weights } from "../nn/mod.ts";
import { openSafetensors, type SafetensorsFile, writeFileWhole } from "../storage/mod.ts";
import { safetensorsPieces } from "../safetensors/mod.ts";

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
  await writeFileWhole(path, safetensorsPieces(tensors, { format: FORMAT, about }));
}

/**
 * Reads what {@linkcode writeCheckpoint} wrote.
 *
 * @throws {Error} if it is no checkpoint, naming the file
 */
export function readCheckpoint(path: string): Checkpoint {
  using file = openCheckpoint(path);
  const moments: Weights = new Map();
  for (const name of file.tensors.keys()) {
    if (name.startsWith(MOMENTS)) moments.set(name.slice(MOMENTS.length), read(file, name));
  }
  return { weights: weightsOf(file), moments, ...JSON.parse(file.metadata.about) };
}

/**
 * The weights of a checkpoint alone, a third of it.
 *
 * @throws {Error} if it is no checkpoint, naming the file
 */
export function readCheckpointWeights(path: string): Weights {
  using file = openCheckpoint(path);
  return weightsOf(file);
}

/**
 * The last epoch that was finished when a checkpoint was written, counted from 0.
 *
 * @throws {Error} if it is no checkpoint, naming the file
 */
export function readCheckpointEpoch(path: string): number {
  using file = openCheckpoint(path);
  return JSON.parse(file.metadata.about).epoch;
}

function openCheckpoint(path: string): SafetensorsFile {
  const file = openSafetensors(path);
  if (file.metadata.format === FORMAT) return file;
  file[Symbol.dispose]();
  throw new Error(`${path} is no checkpoint of this version: train the run again`);
}

function weightsOf(file: SafetensorsFile): Weights {
  const names = [...file.tensors.keys()].filter((name) => !name.startsWith(MOMENTS));
  return new Map(names.map((name) => [name, read(file, name)]));
}

function read(file: SafetensorsFile, name: string): { shape: number[]; data: Float32Array } {
  const { shape, data } = file.read(name);
  return { shape, data: data as Float32Array };
}
