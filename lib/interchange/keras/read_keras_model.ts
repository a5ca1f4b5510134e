import { createDecoder } from "../../models/mod.ts";
import type { Weights } from "../../nn/mod.ts";
import { type Hdf5File, openHdf5 } from "../../storage/mod.ts";
import { openHdf5Bytes } from "./hdf5_memory.ts";
import { type ArraysOf, kerasArrays } from "./arrays.ts";
import { type KerasGraph, readKerasGraph } from "./graph.ts";
import { recogniseBilstmDot } from "./recognise_bilstm_dot.ts";
import { normaliseGraph } from "./normalise_graph.ts";
import { recogniseHead } from "./recognise_head.ts";
import { recogniseMerge } from "./recognise_merge.ts";
import type { Recognised } from "./recognised.ts";
import type { ImportedModel } from "./imported_model.ts";
import { refused } from "./layers.ts";
import { readWeightsOnly } from "./weights_only.ts";
import { FileBytes } from "../byte_source.ts";
import { openZip } from "../zip.ts";

/**
 * Reads a decoder from a file that Keras 2 or 3 wrote: `.keras`, or `.h5` with the model or with
 * weights only. Layers are recognised by their position in the graph, not by name; code in the file
 * is never run.
 *
 * ```ts ignore
 * const { settings, weights, notes } = await readKerasModel("model.keras");
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file
 * @throws {SyntaxError} if the file is damaged, refused as an archive, or not a Keras model
 * @throws {RangeError} naming the layer that does not fit any decoder, or the array whose shape does
 * not
 */
export async function readKerasModel(path: string): Promise<ImportedModel> {
  return await (/\.keras$/i.test(path) || isArchive(path) ? readArchive(path) : readHdf5(path));
}

/** A zip archive begins with PK, whatever its name. */
function isArchive(path: string): boolean {
  using file = new FileBytes(path);
  return file.size >= 2 && String(file.readAt(0, 2)) === "80,75";
}

async function readArchive(path: string): Promise<ImportedModel> {
  using archive = await openZip(path);
  for (const member of ["config.json", "model.weights.h5"]) {
    if (!archive.members.has(member)) {
      throw new SyntaxError(`${path} is not a Keras model: it has no ${member}`);
    }
  }
  const text = async (member: string) => new TextDecoder().decode(await archive.read(member));
  const config = parse(await text("config.json"), `config.json in ${path}`);
  const metadata = archive.members.has("metadata.json")
    ? parse(await text("metadata.json"), `metadata.json in ${path}`) as Record<string, unknown>
    : {};
  const label = `model.weights.h5 in ${path}`;
  using file = await openHdf5Bytes(await archive.read("model.weights.h5"), label);
  return assemble(path, file, config, metadata?.keras_version);
}

async function readHdf5(path: string): Promise<ImportedModel> {
  using file = await openHdf5(path);
  const [config] = [file.attribute("", "model_config")].flat();
  const [version] = [
    file.attribute("", "keras_version") ?? file.attribute("model_weights", "keras_version"),
  ].flat();
  if (config === undefined) return explained(path, () => readWeightsOnly(file, writerOf(version)));
  return assemble(path, file, parse(String(config), `model_config in ${path}`), version);
}

function assemble(
  path: string,
  file: Hdf5File,
  config: unknown,
  version: unknown,
): ImportedModel {
  return explained(path, () => {
    const graph = normaliseGraph(readKerasGraph(config));
    const found = recognise(graph);
    const { settings, vocabularySize, width, longest, notes } = found;
    return {
      settings,
      weights: readWeights(file, kerasArrays(file, graph), found),
      vocabularySize,
      longest,
      featureShape: [width],
      writer: writerOf(version),
      notes: [...notes, ...precisionNotes(found)],
    };
  });
}

/** A note where Keras used another number type than float32. */
function precisionNotes({ arrays }: Recognised): string[] {
  const types = new Set(arrays.map(({ layer }) => {
    const { dtype } = layer.config;
    if (typeof dtype !== "object" || dtype === null) return String(dtype ?? "float32");
    return String((dtype as { config: { name: unknown } }).config.name);
  }));
  types.delete("float32");
  if (types.size === 0) return [];
  return [
    `Keras calculated in ${[...types].join(" and ")}, Showtell in float32: logits may differ by ` +
    "rounding",
  ];
}

function recognise(graph: KerasGraph): Recognised {
  if (graph.outputs.length !== 1 || graph.inputs.length !== 2) {
    throw new RangeError(
      `the model has ${graph.inputs.length} inputs and ${graph.outputs.length} outputs; a decoder ` +
        "takes an image and words, and predicts the next word",
    );
  }
  const head = recogniseHead(graph.outputs[0]);
  const { meeting } = head;
  if (meeting.className === "Add") return recogniseMerge(head);
  if (meeting.className === "Concatenate") return recogniseBilstmDot(head);
  throw refused(
    meeting,
    "does not fit: image and words should meet there in an Add (merge) or a Concatenate " +
      "(bilstm_dot)",
  );
}

function readWeights(file: Hdf5File, arraysOf: ArraysOf, found: Recognised): Weights {
  const { settings, vocabularySize, width } = found;
  const { weightShapes } = createDecoder(settings, { vocabularySize, featureShape: [width] });
  const weights: Weights = new Map();
  for (const { layer, names } of found.arrays) {
    const arrays = arraysOf(layer);
    if (arrays.length !== names.length) {
      throw refused(layer, `has ${arrays.length} arrays in the file, not ${names.length}`);
    }
    names.forEach((name, i) => {
      const shape = weightShapes.get(name)!;
      const { path, shape: there } = arrays[i];
      if (`${there}` !== `${shape}`) {
        throw refused(layer, `has the array ${path} of shape [${there}], not [${shape}]`);
      }
      const data = file.read(path);
      if (!data.every(Number.isFinite)) {
        throw refused(layer, `has the array ${path} with numbers that are not finite`);
      }
      weights.set(name, { shape: [...shape], data });
    });
  }
  if (found.imageFirst) rollRows(weights.get("dense/kernel")!, 2 * settings.units);
  return new Map([...weightShapes.keys()].map((name) => [name, weights.get(name)!]));
}

/** Moves the last rows of a matrix to the front. */
function rollRows({ shape, data }: { shape: number[]; data: Float32Array }, rows: number): void {
  const cut = (shape[0] - rows) * shape[1];
  const first = data.slice(0, cut);
  data.copyWithin(0, cut);
  data.set(first, data.length - cut);
}

function parse(text: string, label: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${label} is not JSON (${(error as Error).message}): get the file again`);
  }
}

function writerOf(version: unknown): string {
  return typeof version === "string" ? `Keras ${version}` : "Keras";
}

/** Puts the file's path in front of messages. */
function explained<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) {
      throw new RangeError(`${path} cannot be imported: ${error.message}`, { cause: error });
    }
    if (error instanceof TypeError && !error.message.includes(path)) { // something is missing
      throw new SyntaxError(
        `${path} cannot be read: its config is not that of a Keras model (${error.message})`,
        { cause: error },
      );
    }
    if (error instanceof SyntaxError && !error.message.includes(path)) {
      throw new SyntaxError(`${path} cannot be read: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
