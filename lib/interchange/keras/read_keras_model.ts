import { join } from "node:path";
import { givenName, weightLayout } from "../../keras/mod.ts";
import { type Hdf5File, isFolder, openHdf5, openHdf5Bytes, openZip } from "../../storage/mod.ts";
import { parseJson } from "../../text/mod.ts";
import { FileBytes } from "../../python/mod.ts";
import { findArchitecture } from "./architecture.ts";
import { kerasArrays } from "./arrays.ts";
import { explained } from "./explained.ts";
import { readKerasGraph } from "./graph.ts";
import type { ImportedModel } from "./imported_model.ts";
import { normaliseGraph } from "./normalise_graph.ts";
import { readDecoder } from "./read_decoder.ts";
import { recogniseDecoder } from "./recognise_decoder.ts";
import { supposeDecoder } from "./weights_only.ts";
import { withDefaults } from "./with_defaults.ts";
import { checkTensorflow } from "../tensorflow_files.ts";

/** What is known of a model beside its file. */
export interface KerasModelOptions {
  /** Files given along with it: one may hold its layers (`model.to_json()`). @default {[]} */
  beside?: readonly string[];
  /**
   * Settings of the decoder that a file of weights alone does not tell, by name: `kind`, `merge`,
   * `order`, `recurrentActivation`.
   *
   * @default {{}}
   */
  told?: Readonly<Record<string, string>>;
}

/**
 * Reads a decoder from what Keras 2 or 3 wrote: a `.keras` archive, or the folder of an unzipped one;
 * an `.h5` with the model; or weights alone (`.h5`, `.weights.h5`), with the model's layers from
 * `model.to_json()` where that lies beside, and otherwise by the names and shapes of their layers.
 * Layers of a model are recognised by their position in the graph, not by name; code in the file is
 * never run.
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
export async function readKerasModel(
  path: string,
  options: KerasModelOptions = {},
): Promise<ImportedModel> {
  const file = await weightsOfFolder(path);
  return isArchive(file) ? await readArchive(file) : await readHdf5(file, options);
}

/**
 * The file of weights in the folder of an unzipped `.keras` archive; any other path as it is.
 *
 * @throws {SyntaxError} if it is another folder
 */
export async function weightsOfFolder(path: string): Promise<string> {
  if (!await isFolder(path)) return path;
  const names = new Set([...Deno.readDirSync(path)].map(({ name }) => name));
  if (names.has("model.weights.h5")) return join(path, "model.weights.h5");
  checkTensorflow(path, names);
  throw new SyntaxError(
    `${path} is a folder, and not that of an unzipped .keras archive: it has no model.weights.h5; ` +
      "give the file of the model",
  );
}

/** By its content: Keras has written HDF5 into a file named .keras. */
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
  return readWhole(path, file, config, metadata?.keras_version);
}

async function readHdf5(
  path: string,
  { beside = [], told = {} }: KerasModelOptions,
): Promise<ImportedModel> {
  using file = await openHdf5(path);
  const [config] = [file.attribute("", "model_config")].flat();
  const [version] = [
    file.attribute("", "keras_version") ?? file.attribute("model_weights", "keras_version"),
  ].flat();
  if (config !== undefined) {
    return readWhole(path, file, parse(String(config), `model_config in ${path}`), version);
  }
  const layers = await findArchitecture(path, beside);
  if (layers === undefined) return explained(path, () => readWeightsOnly(file, version, told));
  const label = `${path} (with the layers in ${layers.path})`;
  const model = withPairing(
    layers.path,
    () => readWhole(label, file, layers.config, version ?? versionOf(layers.config)),
  );
  return { ...model, notes: [`The model's layers are those in ${layers.path}`, ...model.notes] };
}

/** Layers and weights are two files, which may be of two models. */
function withPairing<T>(layers: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const isOther = error instanceof RangeError &&
      /arrays? .*\b(not|in the file)\b/.test(error.message);
    if (!isOther || error.message.includes("finite")) throw error;
    throw new RangeError(
      `${error.message}; if ${layers} is of another model, give the JSON that was saved with these weights`,
      { cause: error },
    );
  }
}

function readWhole(
  path: string,
  file: Hdf5File,
  config: unknown,
  version: unknown,
): ImportedModel {
  return explained(path, () => {
    const isKeras3 = /^3\b/.test(String(version));
    const graph = normaliseGraph(readKerasGraph(config), isKeras3);
    const found = recogniseDecoder(graph, isKeras3);
    const arraysOf = kerasArrays(file, graph);
    return {
      ...readDecoder(found, file, arraysOf, rootOf(file)),
      writer: writerOf(version),
      untold: "padding" in found.settings && found.settings.padding !== null
        ? ["padding.side"]
        : [],
    };
  });
}

function readWeightsOnly(
  file: Hdf5File,
  version: unknown,
  told: NonNullable<KerasModelOptions["told"]>,
): ImportedModel {
  const { graph, files, notes, untold } = supposeDecoder(file, version, told);
  const found = recogniseDecoder(graph, isOfKeras3(file));
  const model = readDecoder(found, file, (layer) => files.get(layer)!.arrays, rootOf(file));
  return {
    ...model,
    settings: withDefaults(model.settings),
    writer: writerOf(version),
    untold,
    notes: [...notes, ...model.notes],
  };
}

/** Keras 2 writes its version to a model's JSON, Keras 3 the module of its classes. */
function versionOf({ keras_version: version, module }: Record<string, unknown>): unknown {
  return version ?? (/^keras\.src/.test(String(module)) ? "3" : undefined);
}

/** Keras 3 writes layers' names into numbered groups; where it did not, Keras 2 may have written it. */
function isOfKeras3(file: Hdf5File): boolean {
  const layout = weightLayout(file);
  return layout?.style === "numbered" &&
    file.keys(layout.root).some((key) => givenName(file, `${layout.root}/${key}`) !== undefined);
}

function rootOf(file: Hdf5File): string {
  return weightLayout(file)?.root ?? "";
}

function parse(text: string, label: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new SyntaxError(`${label} is not JSON (${(error as Error).message}): get the file again`);
  }
}

function writerOf(version: unknown): string {
  return typeof version === "string" ? `Keras ${version}` : "Keras";
}
