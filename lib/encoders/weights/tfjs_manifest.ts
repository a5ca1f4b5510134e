import { z } from "zod";
import type * as tf from "@tensorflow/tfjs";
import { checkContent, readHead, readInputText } from "../../storage/mod.ts";
import { parseJson, schemaProblem } from "../../text/mod.ts";

/** Bytes of the largest `model.json` that is read; those of the largest networks have 1 MB. */
const LARGEST = 64e6;

/** Bytes of a number, by its type. */
const WIDTHS = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1 };

type StoredType = keyof typeof WIDTHS;

const storedType = z.enum(Object.keys(WIDTHS) as StoredType[]);

/** A model is no way to another file: a shard lies beside its `model.json`. */
const shardName = z.string().regex(/^(?!\.{1,2}$)[^/\\\0]+$/, "is not the plain name of a file")
  .max(255, "is too long for the name of a file");

const weight = z.object({
  name: z.string(),
  shape: z.array(z.int().min(0)),
  dtype: storedType,
  quantization: z.object({
    dtype: z.enum(["float16", "uint16", "uint8"]),
    min: z.number().optional(),
    scale: z.number().optional(),
  }).optional(),
});

const manifest = z.array(z.object({ paths: z.array(shardName), weights: z.array(weight) }));

/** Shards in groups, and the weights in each group's bytes. */
export type TfjsManifest = { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];

/**
 * The list of weights in a `model.json` of TF.js.
 *
 * @throws {SyntaxError} naming the file and the key, if it is not such a file
 */
export async function readTfjsManifest(path: string): Promise<TfjsManifest> {
  checkContent(path, readHead(path), "a TF.js model", ["JSON", "text"]);
  const { weightsManifest: found } = (parsed(await readInputText(path, LARGEST), path) ?? {}) as {
    weightsManifest?: unknown;
  };
  if (!Array.isArray(found)) {
    throw new SyntaxError(
      `${path} is not a TF.js model: it has no "weightsManifest" list; give the model.json of a ` +
        "TF.js model",
    );
  }
  const { success, data, error } = manifest.safeParse(found);
  if (success) return data as TfjsManifest;
  const { path: keys, message } = error.issues[0];
  const problem = schemaProblem({ path: ["weightsManifest", ...keys], message });
  throw new SyntaxError(`${path} is not a valid TF.js model: ${problem}; get the model again`);
}

function parsed(text: string, path: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const { message } = error as Error;
    throw new SyntaxError(`${path} is not JSON (${message}): get the file again`, { cause: error });
  }
}

/** Bytes that a weight has in its shards. */
export function storedBytes({ shape, dtype, quantization }: tf.io.WeightsManifestEntry): number {
  const width = WIDTHS[(quantization?.dtype ?? dtype) as StoredType];
  return shape.reduce((size, side) => size * side, width);
}
