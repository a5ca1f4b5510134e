import type { Weights } from "../nn/mod.ts";
import {
  DamagedFileError,
  isNotFound,
  MISSING,
  openSafetensors,
  OtherVersionError,
  type SafetensorsFile,
  whyUnreadable,
  writeFileWhole,
} from "../storage/mod.ts";
import type { CallbackState } from "./callback.ts";
import { isSealed, sealedPieces } from "./checkpoint_seal.ts";
import type { Position } from "./position.ts";

/** All that training needs to resume with the same bits. */
export interface Checkpoint {
  /** The decoder's weights: those of its average, where there is one. */
  weights: Weights;
  /** The weights that training moves, where `weights` are an average of them. */
  trained?: Weights;
  /** Adam's moments, `NAME/m` and `NAME/v`. */
  moments: Weights;
  /** Steps of Adam done. */
  steps: number;
  /** Where training stood. */
  position: Position;
  /** The learning rate of the next step, without the factor of a schedule. */
  learningRate: number;
  /** States of the callbacks by name. */
  callbacks: Record<string, CallbackState>;
  /** Digest of what the training started from; null where nobody gave one. @default {null} */
  belongsTo?: string | null;
  /** Numbers that large products were computed in; absent: float32. */
  arithmetic?: "bfloat16";
}

/** What is known of a checkpoint without its weights. */
export interface CheckpointSummary
  extends Required<Pick<Checkpoint, "position" | "belongsTo">>, Pick<Checkpoint, "arithmetic"> {
  /** SHA-256, which tells one checkpoint from any other. */
  sha256: string;
  /** What the callbacks keep as JSON, by name. */
  callbacks: Record<string, unknown>;
}

/** A checkpoint's weights alone, a third of it. */
export interface CheckpointWeights extends CheckpointSummary {
  /** The decoder's weights. */
  weights: Weights;
}

/** What the file says beside its tensors. A callback's tensors are listed by name, in order. */
interface About extends Pick<Checkpoint, "steps" | "position" | "learningRate" | "arithmetic"> {
  callbacks: Record<string, { json: unknown; tensors?: string[] }>;
  belongsTo: string | null;
}

const MOMENTS = "adam/";
const TRAINED = "trained/";
const CALLBACKS = "callbacks/";
const KIND = "showtell-checkpoint-";

/** Version of the layout; 3: it carries a digest of itself. */
const FORMAT = 3;

const REMEDY = "train or import the run again with --overwrite";

/**
 * Writes a checkpoint as safetensors, whole or not at all, with a digest of itself.
 *
 * A callback's tensor that is the weight of its name, bit for bit, is not written a second time: so
 * the best weights of EarlyStopping take no space in the best epoch's checkpoint, and a third of the
 * file in others.
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { weights, trained, moments, steps, position, learningRate, callbacks } = checkpoint;
  const { belongsTo = null, arithmetic } = checkpoint;
  const tensors = new Map(weights);
  for (const [name, weight] of trained ?? []) tensors.set(TRAINED + name, weight);
  for (const [name, moment] of moments) tensors.set(MOMENTS + name, moment);
  const about: About = { steps, position, learningRate, callbacks: {}, belongsTo, arithmetic };
  for (const [callback, state] of Object.entries(callbacks)) {
    about.callbacks[callback] = { json: state.json };
    if (state.tensors === undefined) continue;
    about.callbacks[callback].tensors = [...state.tensors.keys()];
    for (const [name, tensor] of state.tensors) {
      if (isSame(tensor, weights.get(name))) continue;
      tensors.set(`${CALLBACKS}${callback}/${name}`, tensor);
    }
  }
  const metadata = { format: `${KIND}${FORMAT}`, about: JSON.stringify(about) };
  await writeFileWhole(path, sealedPieces(tensors, metadata));
}

/**
 * Reads what {@linkcode writeCheckpoint} wrote.
 *
 * @throws {DamagedFileError} if it is missing, not as it was written, or has numbers that are not
 * finite
 * @throws {OtherVersionError} if another version of the program wrote it
 */
export function readCheckpoint(path: string): Checkpoint {
  using file = openCheckpoint(path);
  const { steps, position, learningRate, callbacks, belongsTo, arithmetic } = aboutOf(file);
  const weights = weightsOf(file, path);
  const under = (prefix: string): Weights =>
    new Map(
      [...file.tensors.keys()].filter((name) => name.startsWith(prefix))
        .map((name) => [name.slice(prefix.length), read(file, name, path)]),
    );
  const trained = under(TRAINED);
  const states = Object.entries(callbacks).map(([callback, { json, tensors }]) => {
    if (tensors === undefined) return [callback, { json }];
    const own = tensors.map((name): [string, Tensor] => {
      const written = `${CALLBACKS}${callback}/${name}`;
      return [name, read(file, file.tensors.has(written) ? written : name, path)];
    });
    return [callback, { json, tensors: new Map(own) }];
  });
  return {
    weights,
    ...trained.size > 0 && { trained },
    moments: under(MOMENTS),
    steps,
    position,
    learningRate,
    callbacks: Object.fromEntries(states),
    belongsTo,
    ...arithmetic && { arithmetic },
  };
}

/**
 * Reads a checkpoint's weights alone; the whole file is checked.
 *
 * @throws {DamagedFileError} as {@linkcode readCheckpoint}
 * @throws {OtherVersionError} if another version of the program wrote it
 */
export function readCheckpointWeights(path: string): CheckpointWeights {
  using file = openCheckpoint(path);
  return { ...summaryOf(file), weights: weightsOf(file, path) };
}

/**
 * Reads what a checkpoint says beside its weights; the whole file is checked.
 *
 * @throws {DamagedFileError} as {@linkcode readCheckpoint}
 * @throws {OtherVersionError} if another version of the program wrote it
 */
export function readCheckpointSummary(path: string): CheckpointSummary {
  using file = openCheckpoint(path);
  return summaryOf(file);
}

type Tensor = { shape: number[]; data: Float32Array };

function openCheckpoint(path: string): SafetensorsFile {
  const file = openIfWhole(path);
  try {
    const { format = "", sha256 } = file.metadata;
    const version = Number(format.slice(KIND.length));
    // Any change of the file breaks its seal, and then its version may be part of what changed.
    if (version === FORMAT && isSealed(path, sha256)) return file;
    if (version !== FORMAT && sha256 === undefined && format.startsWith(KIND)) {
      throw new OtherVersionError(path, version, FORMAT, REMEDY);
    }
    throw new DamagedFileError(path, "it is not as it was written", REMEDY);
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

function openIfWhole(path: string): SafetensorsFile {
  try {
    return openSafetensors(path);
  } catch (cause) {
    const damage = isNotFound(cause)
      ? MISSING
      : cause instanceof SyntaxError && !("code" in cause && cause.code) // else the system's error
      ? "it is not as it was written"
      : whyUnreadable(cause);
    throw new DamagedFileError(path, damage, REMEDY, { cause });
  }
}

function aboutOf(file: SafetensorsFile): About {
  const about: About = JSON.parse(file.metadata.about);
  about.position.sums.loss ??= NaN; // which JSON has as null
  return about;
}

function summaryOf(file: SafetensorsFile): CheckpointSummary {
  const { position, belongsTo, arithmetic, callbacks } = aboutOf(file);
  const states = Object.entries(callbacks).map(([name, { json }]) => [name, json]);
  return {
    position,
    belongsTo,
    ...arithmetic && { arithmetic },
    callbacks: Object.fromEntries(states),
    sha256: file.metadata.sha256,
  };
}

function weightsOf(file: SafetensorsFile, path: string): Weights {
  const names = [...file.tensors.keys()].filter((name) =>
    ![MOMENTS, TRAINED, CALLBACKS].some((prefix) => name.startsWith(prefix))
  );
  return new Map(names.map((name) => [name, read(file, name, path)]));
}

function read(file: SafetensorsFile, name: string, path: string): Tensor {
  const { shape, data } = file.read(name);
  if (areFinite(data as Float32Array)) return { shape, data: data as Float32Array };
  throw new DamagedFileError(path, `${name} has numbers that are not finite`, REMEDY);
}

function areFinite(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  return true;
}

function isSame(one: Tensor, other: Tensor | undefined): boolean {
  if (one === other) return true;
  if (String(one.shape) !== String(other?.shape)) return false;
  const [a, b] = [one.data, other!.data].map((data) =>
    new Int32Array(data.buffer, data.byteOffset, data.length)
  );
  return a.every((bits, i) => bits === b[i]);
}
