import { Buffer } from "node:buffer";
import type { Group } from "h5wasm";
import { groupNames } from "../../keras/mod.ts";
import type { Weights } from "../../nn/mod.ts";
import { makeHdf5 } from "../../storage/mod.ts";
import type { LayerSpec, ModelSpec } from "./layer_specs.ts";
import { MASK } from "./layer_stack.ts";
import { keras3Config } from "./serialise.ts";

/** The first version with this layout; every later one reads it. */
const LAYOUT = "3.0.0";

/** Always the earliest date of zip archives, so that equal models give equal bytes. */
const MTIME = new Date(1980, 0, 1, 0, 0, 0);

/**
 * A model as a `.keras` archive, which Keras 3 opens in safe mode.
 *
 * @returns the file's bytes
 */
export async function kerasArchive(model: ModelSpec, weights: Weights): Promise<Uint8Array> {
  const { ZipFile } = await import("yazl");
  const zip = new ZipFile();
  const options = { compress: false, mtime: MTIME, forceDosTimestamp: true };
  const add = (name: string, content: unknown) =>
    zip.addBuffer(Buffer.from(JSON.stringify(content)), name, options);
  add("metadata.json", { keras_version: LAYOUT });
  add("config.json", keras3Config(model));
  const { buffer, byteOffset, length } = await weightsFile(model, weights);
  zip.addBuffer(Buffer.from(buffer, byteOffset, length), "model.weights.h5", options);
  zip.end();
  const pieces: Uint8Array[] = [];
  for await (const piece of zip.outputStream) pieces.push(piece as Uint8Array);
  return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
}

/** `layers/dense/vars/0`: groups are named by class, numbered in Keras' order. */
async function weightsFile({ name, layers }: ModelSpec, weights: Weights): Promise<Uint8Array> {
  return await makeHdf5((file) => {
    const root = file.create_group("layers");
    const stored = layers.filter(({ className }) => className !== MASK);
    const groups = groupNames(stored.map(({ className }) => className));
    for (const [i, layer] of stored.entries()) {
      const group = root.create_group(groups[i]);
      named(group, layer.name);
      writeArrays(group, layer, weights);
    }
    named(file, name);
  });
}

function writeArrays(group: Group, layer: LayerSpec, weights: Weights): void {
  const write = (vars: Group, names: string[]) =>
    names.forEach((weight, i) => {
      const { shape, data } = weights.get(weight)!;
      vars.create_dataset({ name: `${i}`, data, shape });
    });
  const cell = (inner: Group, names: string[], kind = "lstm") =>
    write(named(inner.create_group("cell"), `${kind}_cell`), names);
  if (layer.className === "LSTM") cell(group, layer.weights);
  else if (layer.className === "GRU") cell(group, layer.weights, "gru");
  else if (layer.className === "Bidirectional") {
    cell(group.create_group("forward_layer"), layer.weights.slice(0, 3));
    cell(group.create_group("backward_layer"), layer.weights.slice(3));
  } else write(group.get("vars") as Group, layer.weights);
}

/** @returns the group for its arrays */
function named(group: Group, name: string): Group {
  const vars = group.create_group("vars");
  vars.create_attribute("name", name);
  return vars;
}
