import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { digestFile, digestJson, isNotFound, openInput } from "../../storage/mod.ts";
import { readTfjsManifest, storedBytes } from "./tfjs_manifest.ts";
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
  const manifest = await readTfjsManifest(path);
  const located: WeightBytes[] = [];
  const digests = [await digestFile(path)];
  for (const { paths, weights } of manifest) {
    const shards = await Promise.all(paths.map(async (name) => {
      const shard = join(dirname(path), name);
      const size = await sizeOf(shard).catch((error) => {
        if (!isNotFound(error)) throw error;
        throw new SyntaxError(
          `${path} names the shard ${name}, which is not beside it: put it there`,
        );
      });
      return { path: shard, size };
    }));
    let begin = 0;
    for (const spec of weights) {
      const end = begin + storedBytes(spec);
      located.push({ spec, shards, begin, end });
      begin = end;
    }
    const there = shards.reduce((sum, { size }) => sum + size, 0);
    if (there !== begin) {
      throw new SyntaxError(
        `Shards of ${path} have ${there} bytes together, not the ${begin} of its weights: get the ` +
          "model again",
      );
    }
    for (const { path } of shards) digests.push(await digestFile(path));
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

/** @throws {InputFileError} if it is no regular file: a device has no end */
async function sizeOf(path: string): Promise<number> {
  using file = await openInput(path);
  return (await file.stat()).size;
}

async function readWeight({ spec, shards, begin, end }: WeightBytes): Promise<Float32Array> {
  const bytes = new Uint8Array(end - begin);
  let start = 0;
  for (const { path, size } of shards) {
    const from = Math.max(begin, start), to = Math.min(end, start + size);
    if (from < to) {
      using file = await openInput(path);
      await file.seek(from - start, Deno.SeekMode.Start);
      for (let at = from; at < to;) {
        const read = await file.read(bytes.subarray(at - begin, to - begin));
        if (read === null) {
          throw new SyntaxError(
            `${path} has become shorter while it was read: get the model again`,
          );
        }
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
