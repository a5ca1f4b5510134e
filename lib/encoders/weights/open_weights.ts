import type * as tf from "@tensorflow/tfjs";
import type { Architecture } from "../architectures/architecture.ts";
import type { NetworkSettings } from "../settings.ts";
import { digestFile, exists, openHdf5 } from "../../storage/mod.ts";
import type { Listener } from "../../progress/mod.ts";
import { downloadOfficialWeights } from "./official_weights.ts";
import { kerasWeights } from "./keras_weights.ts";
import { fileOrders } from "./file_orders.ts";
import { randomWeights } from "./random_weights.ts";
import { safetensorsWeights } from "./safetensors_weights.ts";
import { tfjsWeights } from "./tfjs_weights.ts";
import type { WeightSource } from "./weight_source.ts";

/**
 * Opens the weights that the settings name; "imagenet" is downloaded if it is not there yet.
 *
 * @throws {RangeError} if the network has no such weights, or the file is of an unknown kind
 * @throws {Deno.errors.NotFound} if there is no such file
 * @throws {SyntaxError} if the file is damaged or something else than its name says
 */
export async function openWeights(
  settings: NetworkSettings,
  architecture: Architecture,
  model: tf.LayersModel,
  options: Listener,
): Promise<WeightSource> {
  const { weights } = settings;
  if (weights === "random") {
    return randomWeights(architecture.kind, settings.seed, model);
  }
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
  const path = weights === "imagenet"
    ? await downloadOfficialWeights(architecture, settings, options)
    : weights;
  if (/\.(h5|hdf5|json)$/i.test(path) && !await exists(path)) {
    throw new Deno.errors.NotFound(
      `encoder.weights is "${path}", but there is no file of that name: set it to a file of weights, ` +
        'or to "imagenet"',
    );
  }
  if (/\.(h5|hdf5)$/i.test(path)) {
    const file = await openHdf5(path);
    try {
      return kerasWeights(file, path, await digestFile(path), layerClasses(architecture));
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }
  if (/\.json$/i.test(path)) return await tfjsWeights(path);
  throw new RangeError(
    `encoder.weights is "${path}": expected "imagenet", "random", or a file ending in .h5 ` +
      "or .json (TF.js)",
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
