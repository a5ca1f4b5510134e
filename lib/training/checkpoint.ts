import type { Weights } from "../nn/mod.ts";
import { safetensorsPieces } from "../safetensors/mod.ts";
import {
  isNotFound,
  openSafetensors,
  type SafetensorsFile,
  writeFileWhole,
} from "../storage/mod.ts";
import type { CallbackState } from "./callback.ts";
import type { Position } from "./position.ts";

/** All that training needs to resume with the same bits. */
export interface Checkpoint {
  /** The decoder's weights. */
  weights: Weights;
  /** Adam's moments, `NAME/m` and `NAME/v`. */
  moments: Weights;
  /** Steps of Adam done. */
  steps: number;
  /** Where training stood. */
  position: Position;
  /** The learning rate of the next step. */
  learningRate: number;
  /** States of the callbacks by name. */
  callbacks: Record<string, CallbackState>;
}

/** What the file says beside its tensors. A callback's tensors are listed by name, in order. */
interface About extends Pick<Checkpoint, "steps" | "position" | "learningRate"> {
  callbacks: Record<string, { json: unknown; tensors?: string[] }>;
}

const MOMENTS = "adam/";
const CALLBACKS = "callbacks/";
const FORMAT = "showtell-checkpoint-2";

/**
 * Writes a checkpoint as safetensors, whole or not at all.
 *
 * A callback's tensor that is the weight of its name, bit for bit, is not written a second time: so
 * the best weights of EarlyStopping take no space in the best epoch's checkpoint, and a third of the
 * file in others.
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { weights, moments, steps, position, learningRate, callbacks } = checkpoint;
  const tensors = new Map(weights);
  for (const [name, moment] of moments) tensors.set(MOMENTS + name, moment);
  const about: About = { steps, position, learningRate, callbacks: {} };
  for (const [callback, state] of Object.entries(callbacks)) {
    about.callbacks[callback] = { json: state.json };
    if (state.tensors === undefined) continue;
    about.callbacks[callback].tensors = [...state.tensors.keys()];
    for (const [name, tensor] of state.tensors) {
      if (isSame(tensor, weights.get(name))) continue;
      tensors.set(`${CALLBACKS}${callback}/${name}`, tensor);
    }
  }
  const pieces = safetensorsPieces(tensors, { format: FORMAT, about: JSON.stringify(about) });
  await writeFileWhole(path, pieces);
}

/**
 * Reads what {@linkcode writeCheckpoint} wrote.
 *
 * @throws {Error} if the file is not a checkpoint of this version, naming it
 */
export function readCheckpoint(path: string): Checkpoint {
  using file = openCheckpoint(path);
  const { steps, position, learningRate, callbacks } = aboutOf(file);
  const weights = weightsOf(file);
  const moments: Weights = new Map();
  for (const name of file.tensors.keys()) {
    if (name.startsWith(MOMENTS)) moments.set(name.slice(MOMENTS.length), read(file, name));
  }
  const states = Object.entries(callbacks).map(([callback, { json, tensors }]) => {
    if (tensors === undefined) return [callback, { json }];
    const own = tensors.map((name): [string, Tensor] => {
      const written = `${CALLBACKS}${callback}/${name}`;
      return [name, file.tensors.has(written) ? read(file, written) : read(file, name)];
    });
    return [callback, { json, tensors: new Map(own) }];
  });
  return { weights, moments, steps, position, learningRate, callbacks: Object.fromEntries(states) };
}

/**
 * The weights of a checkpoint alone, a third of it.
 *
 * @throws {Error} if the file is not a checkpoint of this version, naming it
 */
export function readCheckpointWeights(path: string): Weights {
  using file = openCheckpoint(path);
  return weightsOf(file);
}

/**
 * Where training stood when a checkpoint was written.
 *
 * @throws {Error} if the file is not a checkpoint of this version, naming it
 */
export function readCheckpointPosition(path: string): Position {
  using file = openCheckpoint(path);
  return aboutOf(file).position;
}

type Tensor = { shape: number[]; data: Float32Array };

function openCheckpoint(path: string): SafetensorsFile {
  const file = openIfThere(path);
  if (file.metadata.format === FORMAT) return file;
  file[Symbol.dispose]();
  throw new Error(
    `${path} is not a checkpoint of this version: train or import the run again with --overwrite`,
  );
}

function openIfThere(path: string): SafetensorsFile {
  try {
    return openSafetensors(path);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new Deno.errors.NotFound(
      `There is no ${path}: train or import the run again with --overwrite`,
      { cause: error },
    );
  }
}

function aboutOf(file: SafetensorsFile): About {
  const about: About = JSON.parse(file.metadata.about);
  about.position.sums.loss ??= NaN; // which JSON has as null
  return about;
}

function weightsOf(file: SafetensorsFile): Weights {
  const names = [...file.tensors.keys()].filter((name) =>
    !name.startsWith(MOMENTS) && !name.startsWith(CALLBACKS)
  );
  return new Map(names.map((name) => [name, read(file, name)]));
}

function read(file: SafetensorsFile, name: string): Tensor {
  const { shape, data } = file.read(name);
  return { shape, data: data as Float32Array };
}

function isSame(one: Tensor, other: Tensor | undefined): boolean {
  if (one === other) return true;
  if (String(one.shape) !== String(other?.shape)) return false;
  const [a, b] = [one.data, other!.data].map((data) =>
    new Int32Array(data.buffer, data.byteOffset, data.length)
  );
  return a.every((bits, i) => bits === b[i]);
}
