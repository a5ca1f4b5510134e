import { join } from "node:path";
import { archiveMembers } from "../../keras/mod.ts";
import type { Architecture } from "../architectures/architecture.ts";
import type { NetworkSettings } from "../settings.ts";
import {
  digestFile,
  exists,
  type Hdf5File,
  isFolder,
  openHdf5,
  openHdf5Bytes,
  openZip,
  readHead,
  recogniseContent,
} from "../../storage/mod.ts";
import { parseJson } from "../../text/mod.ts";
import type { Listener } from "../../progress/mod.ts";
import { isTorchFile } from "../../python/mod.ts";
import { downloadOfficialWeights } from "./official_weights.ts";
import { kerasWeights } from "./keras_weights.ts";
import { openCopied } from "./weight_copy.ts";
import { fileOrders } from "./file_orders.ts";
import { modelNotes } from "./model_notes.ts";
import { packagedFile } from "./packaged_weights.ts";
import { safetensorsWeights } from "./safetensors_weights.ts";
import { tfjsWeights } from "./tfjs_weights.ts";
import { torchWeights } from "./torch_weights.ts";
import type { WeightSource } from "./weight_source.ts";

/** The members of a `.keras` archive that are read. */
const { config: CONFIG, weights: WEIGHTS } = archiveMembers;

/**
 * Opens the file of weights that the settings name; "imagenet" is downloaded if it is not there yet.
 *
 * @throws {RangeError} if the network has no such weights, or the file is of an unknown kind
 * @throws {Deno.errors.NotFound} if there is no such file
 * @throws {SyntaxError} if the file is damaged or something else than its name says
 */
export async function openWeights(
  settings: NetworkSettings,
  architecture: Architecture,
  options: Listener,
): Promise<WeightSource> {
  const { weights } = settings;
  if (weights === "builtin") {
    if (architecture.builtin === undefined) {
      throw new RangeError(
        `${architecture.kind} has no weights that come with Showtell: ` +
          'set encoder.weights to "imagenet", "random" or a file',
      );
    }
    const url = new URL(`./${architecture.builtin}`, import.meta.url);
    return await safetensorsWeights(url);
  }
  if (weights === "imagenet" && architecture.packaged !== undefined) {
    const { kind, packaged } = architecture;
    if (settings.weightsUrl !== undefined) {
      throw new RangeError(
        `encoder.weightsUrl does not go with ${kind}, whose weights come as the package ` +
          `${packaged.package}: leave it out, or set encoder.weights to a file`,
      );
    }
    const { path, digest } = await packagedFile(architecture, options);
    return torchWeights(path, digest);
  }
  const path = weights === "imagenet"
    ? await downloadOfficialWeights(architecture, settings, options)
    : weights;
  const { say } = options;
  return await openFile(path, { architecture, imageSize: settings.imageSize, say });
}

/** The network that a file's weights are for. */
interface Wanted extends Pick<Listener, "say"> {
  architecture: Architecture;
  imageSize: number;
}

/** What a file is follows from its content; its name only where it is not there. */
async function openFile(path: string, wanted: Wanted): Promise<WeightSource> {
  if (!await exists(path)) throw missing(path, wanted.architecture);
  if (await isFolder(path)) return await openFolder(path, wanted);
  const head = readHead(path);
  if (isTorchFile(head)) return torchWeights(path, await digestFile(path));
  const kind = recogniseContent(head)?.kind;
  if (kind === "JSON" || /\.json$/i.test(path)) return await tfjsWeights(path);
  const { architecture: { kind: network }, imageSize, say } = wanted;
  const open = kind === "zip" ? openArchive : openModel;
  return await openCopied(
    path,
    { kind: network, imageSize, say },
    (digest) => open(path, digest, wanted),
  );
}

/** An HDF5 file. */
async function openModel(path: string, digest: string, wanted: Wanted): Promise<WeightSource> {
  const file = await openHdf5(path);
  const [config] = [file.attribute("", "model_config")].flat();
  return openKeras(file, digest, wanted, { path, config: String(config ?? "") });
}

/** A `.keras` archive: what is in it beside the weights is not needed. */
async function openArchive(path: string, digest: string, wanted: Wanted): Promise<WeightSource> {
  using archive = await openZip(path);
  if (!archive.members.has(WEIGHTS)) {
    const [first] = archive.members.keys();
    if (first?.endsWith("/data.pkl")) {
      throw new SyntaxError(
        `${path} has torch's format of today (a zip with data.pkl), and only the legacy one is read: save it by ` +
          "torch.save(state_dict, path, _use_new_zipfile_serialization=False)",
      );
    }
    throw new SyntaxError(
      `${path} is not a .keras model: it has no ${WEIGHTS} but ${
        first ?? "nothing"
      } in it; unpack ` +
        "it if the file of weights is in there, and give that",
    );
  }
  const file = await openHdf5Bytes(await archive.read(WEIGHTS), `${WEIGHTS} in ${path}`);
  const config = archive.members.has(CONFIG)
    ? new TextDecoder().decode(await archive.read(CONFIG))
    : "";
  return openKeras(file, digest, wanted, { path, config });
}

/** An unzipped `.keras` archive, or the folder of a TF.js model. */
async function openFolder(path: string, wanted: Wanted): Promise<WeightSource> {
  for (const name of [WEIGHTS, "model.json"]) {
    if (await exists(join(path, name))) return await openFile(join(path, name), wanted);
  }
  const isSaved = await exists(join(path, "saved_model.pb"));
  throw new SyntaxError(
    `${path} is a folder ` +
      (isSaved
        ? "of a TensorFlow SavedModel: save the model in Keras (model.save) as .keras or .h5, and " +
          "give that file"
        : `without ${WEIGHTS} (an unzipped .keras file) and model.json (TF.js): set ` +
          "encoder.weights to a file of weights, or to a folder that has one of them"),
  );
}

/** @param model its path, and its layers in JSON, if the file has them */
function openKeras(
  file: Hdf5File,
  digest: string,
  { architecture, imageSize }: Wanted,
  { path, config }: { path: string; config: string },
): WeightSource {
  try {
    const source = kerasWeights(file, path, digest, () => layerClasses(architecture));
    const { preprocessing } = architecture;
    const notes = modelNotes(parsed(config), path, { imageSize, preprocessing });
    return { ...source, notes: [...source.notes ?? [], ...notes] };
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

/** Only notes depend on it: weights are read without it. */
function parsed(config: string): unknown {
  try {
    return parseJson(config);
  } catch {
    return undefined;
  }
}

function missing(path: string, { builtin }: Architecture): Error {
  const own = builtin === undefined ? "imagenet" : "builtin";
  return /\.(h5|hdf5|keras|json|pth)$/i.test(path)
    ? new Deno.errors.NotFound(
      `encoder.weights is "${path}", but there is no file of that name: set it to a file of weights, ` +
        `or to "${own}"`,
    )
    : new RangeError(
      `encoder.weights is "${path}": expected "${own}", "random", or a file of weights (Keras' .h5 ` +
        "or .keras, TF.js' model.json, torch's legacy .pth)",
    );
}

/** The layers with weights of the network and of each of its parts, in Keras' order. */
function layerClasses(architecture: Architecture): { name: string; className: string }[][] {
  const classes = new Map(
    architecture.layers.map(({ name, make }) => [name, make([1, 1, 1, 1]).getClassName()]),
  );
  return fileOrders(architecture).map((order) =>
    order.map(({ name }) => ({ name, className: classes.get(name)! }))
  );
}
