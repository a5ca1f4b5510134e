import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { checkContent, digestFile, digestJson, readHead } from "../../storage/mod.ts";
import type { SourceLayer, WeightSource } from "./weight_source.ts";

/** A weight and the bytes it has in its group's shards, laid end to end. */
interface WeightBytes {
  spec: tf.io.WeightsManifestEntry;
  shards: { path: string; size: number }[];
  begin: number;
  end: number;
}

/**
 * Weights of a TF.js layers model: a `model.json` and the shards beside it, quantised ones as well.
 *
 * @throws {SyntaxError} if it is not such a file, or shards are missing or of another size
 */
export async function tfjsWeights(path: string): Promise<WeightSource> {
  const manifest = await readManifest(path);
  const located: WeightBytes[] = [];
  const digests = [await digestFile(path)];
  for (const { paths, weights } of manifest) {
    const shards = await Promise.all(paths.map(async (name) => {
      const shard = join(dirname(path), name);
      const { size } = await Deno.stat(shard).catch(() => {
        throw new SyntaxError(`${path} names the shard ${name}, which is not beside it`);
      });
      digests.push(await digestFile(shard));
      return { path: shard, size };
    }));
    let begin = 0;
    for (const spec of weights) {
      const end = begin + bytesOf(spec);
      located.push({ spec, shards, begin, end });
      begin = end;
    }
    const there = shards.reduce((sum, { size }) => sum + size, 0);
    if (there !== begin) {
      throw new SyntaxError(`Shards of ${path} have ${there} bytes together, not ${begin}`);
    }
  }
  const found = new Map<string, WeightBytes[]>();
  for (const weight of located) {
    const name = weight.spec.name.split("/").at(-2) ?? "";
    found.set(name, [...found.get(name) ?? [], weight]);
  }
  const layers: SourceLayer[] = [...found].map(([name, members]) => ({
    name,
    arrays: members.map(({ spec }) => ({ name: spec.name, shape: spec.shape })),
  }));
  const lists = [...found.values()];
  return {
    label: path,
    digest: digestJson(digests),
    layers,
    read: (layer, array) => readWeight(lists[layer][array]),
    close() {},
  };
}

async function readManifest(path: string): Promise<tf.io.WeightsManifestConfig> {
  checkContent(path, readHead(path), "a TF.js model", ["JSON", "text"]);
  try {
    const manifest = JSON.parse(await Deno.readTextFile(path)).weightsManifest;
    if (Array.isArray(manifest)) return manifest;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SyntaxError(`${path} is not JSON: ${error.message}`, { cause: error });
  }
  throw new SyntaxError(
    `${path} is not a TF.js model: it has no "weightsManifest" list; give the model.json of a TF.js model`,
  );
}

const widths: Record<string, number> = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1 };

function bytesOf({ shape, dtype, quantization }: tf.io.WeightsManifestEntry): number {
  return shape.reduce((size, side) => size * side, widths[quantization?.dtype ?? dtype]);
}

async function readWeight({ spec, shards, begin, end }: WeightBytes): Promise<Float32Array> {
  const bytes = new Uint8Array(end - begin);
  let start = 0;
  for (const { path, size } of shards) {
    const from = Math.max(begin, start), to = Math.min(end, start + size);
    if (from < to) {
      using file = await Deno.open(path);
      await file.seek(from - start, Deno.SeekMode.Start);
      for (let at = from; at < to;) {
        const read = await file.read(bytes.subarray(at - begin, to - begin));
        if (read === null) throw new SyntaxError(`${path} has become shorter while it was read`);
        at += read;
      }
    }
    start += size;
  }
  if (spec.quantization === undefined) return new Float32Array(bytes.buffer);
  const { [spec.name]: tensor } = tf.io.decodeWeights(bytes.buffer, [spec]);
  try {
    return await tensor.data() as Float32Array;
  } finally {
    tensor.dispose();
  }
}
