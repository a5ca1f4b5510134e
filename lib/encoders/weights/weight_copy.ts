import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { util } from "@tensorflow/tfjs";
import { z } from "zod";
import {
  decodeSafetensors,
  type SafeTensor,
  safetensorsPieces,
  type TensorToWrite,
} from "../../safetensors/mod.ts";
import {
  DamagedFileError,
  digestFile,
  digestJson,
  readInput,
  readRecord,
  sha256OffThread,
  userCacheFolder,
  writeFileWhole,
  writeRecord,
} from "../../storage/mod.ts";
import type { Listener } from "../../progress/mod.ts";
import { tidyCopies } from "./tidy_copies.ts";
import type { SourceLayer, WeightSource } from "./weight_source.ts";

/** Raised when a copy holds something else, or when files are read in another way. */
const FORMAT = 1;

/** Bytes of the largest file, and of the most numbers in it, that are copied. */
const LARGEST = 2 ** 25;

/** What is recorded of a copy. */
const schema = z.object({
  /** SHA-256 of the file that it is a copy of. */
  source: z.string(),
  /** SHA-256 of the copy's own file. */
  weights: z.string(),
});

/** What a file is read for: the layers and notes of its source depend on it. */
export interface CopyFor extends Pick<Listener, "say"> {
  /** The network's kind. */
  kind: string;
  /** Side of its input in pixels. */
  imageSize: number;
  /** Where the copy is kept. @default {`weights/copies` in the user's cache} */
  folder?: string;
}

/** Where a copy is kept. */
interface CopyFiles {
  folder: string;
  record: string;
  weights: string;
}

/**
 * Weights of a Keras file. Opening HDF5 and finding each array in it takes half a second even where
 * the file is small, so small ones are copied to the user's cache, as safetensors. A copy is used
 * only where it is as it was written and was made of what the file now has in it.
 *
 * @param open opens the file itself, whose digest is given
 */
export async function openCopied(
  path: string,
  wanted: CopyFor,
  open: (digest: string) => Promise<WeightSource>,
): Promise<WeightSource> {
  const files = await filesOf(path, wanted);
  const copy = files && await readCopy(files, path, wanted.say);
  if (copy !== undefined) return copy;
  const source = await open(await digestFile(path));
  // Without a place to keep it, or with an array that cannot be read, the file is opened each time.
  return files === undefined ? source : await copied(files, path, source).catch(() => source);
}

/** @returns undefined where no copy is kept: of a large file, and where the user has no cache */
async function filesOf(
  path: string,
  { kind, imageSize, folder }: CopyFor,
): Promise<CopyFiles | undefined> {
  if ((await Deno.stat(path)).size > LARGEST) return undefined;
  try {
    folder ??= join(userCacheFolder(), "weights", "copies");
    const name = digestJson({ path, file: resolve(path), kind, imageSize }).slice(0, 16);
    const file = join(folder, name);
    return { folder, record: `${file}.json`, weights: `${file}.safetensors` };
  } catch {
    return undefined; // no HOME, or not permitted to ask for it
  }
}

/** @returns undefined if there is no copy of what the file has in it, or it is damaged, which is said */
async function readCopy(
  { record, weights }: CopyFiles,
  path: string,
  say?: Listener["say"],
): Promise<WeightSource | undefined> {
  try {
    const remedy = `${path} is read instead`;
    const recorded = await readRecord(record, { format: FORMAT, schema, remedy });
    if (recorded === undefined) return undefined;
    const reading = [readInput(path, LARGEST), Deno.readFile(weights)];
    const [file, copy] = await Promise.all(reading);
    const digests = await Promise.all([file, copy].map(sha256OffThread));
    if (digests[0] !== recorded.source) return undefined;
    if (digests[1] !== recorded.weights) {
      throw new DamagedFileError(weights, "it was altered", remedy);
    }
    const { tensors, metadata } = decodeSafetensors(copy, weights);
    const layers: SourceLayer[] = JSON.parse(metadata.layers);
    const notes: string[] = JSON.parse(metadata.notes);
    return sourceOf({ label: path, digest: recorded.source, layers, notes }, tensors);
  } catch (error) {
    if (error instanceof DamagedFileError) say?.(error.message);
    return undefined; // of another version, or deleted meanwhile
  }
}

/**
 * Writes a source's copy.
 *
 * @returns its weights in memory; the source itself if there is no copy of it: it is large, nothing may
 * be written, or the file is no longer what it was when it was opened
 */
async function copied(
  { folder, record, weights }: CopyFiles,
  path: string,
  source: WeightSource,
): Promise<WeightSource> {
  const { state } = await Deno.permissions.query({ name: "write", path: folder });
  if (state !== "granted") return source; // nobody is asked for it
  const { layers, notes = [], digest } = source;
  const shapes = layers.flatMap(({ arrays }) => arrays.map(({ shape }) => shape));
  const bytes = shapes.reduce((sum, shape) => sum + 4 * util.sizeFromShape(shape), 0);
  if (bytes > LARGEST) return source;
  const tensors = new Map<string, TensorToWrite & SafeTensor>();
  for (const [layer, { arrays }] of layers.entries()) {
    for (const [array, { shape }] of arrays.entries()) {
      const data = await source.read(layer, array);
      tensors.set(nameOf(layer, array), { dtype: "F32", shape, data });
    }
  }
  if (await digestFile(path) !== digest) return source;
  const metadata = { layers: JSON.stringify(layers), notes: JSON.stringify(notes) };
  const hash = createHash("sha256");
  const pieces = safetensorsPieces(tensors, metadata);
  await writeFileWhole(weights, pieces.map((piece) => (hash.update(piece), piece)));
  await writeRecord(record, FORMAT, { source: digest, weights: hash.digest("hex") });
  await tidyCopies(folder);
  source.close();
  return sourceOf(source, tensors);
}

/** A source whose weights are in memory. */
function sourceOf(
  { label, digest, layers, notes }: Omit<WeightSource, "read" | "close">,
  tensors: ReadonlyMap<string, SafeTensor>,
): WeightSource {
  const read = (layer: number, array: number) =>
    (tensors.get(nameOf(layer, array))!.data as Float32Array).slice();
  return { label, digest, layers, notes, read, close() {} };
}

/** By its position, as a file may name two arrays alike. */
function nameOf(layer: number, array: number): string {
  return `${layer}/${array}`;
}
