import { mergeSettings } from "../../models/mod.ts";
import { type Weights } from "../../nn/mod.ts";
import type { Hdf5File } from "../../storage/mod.ts";
import type { ImportedModel } from "./imported_model.ts";
import { denseNames, lstmNames } from "./recognised.ts";

/** The arrays of one layer, in Keras' order. */
type Group = { path: string; shape: number[] }[];

const ORDER = ["embeddings", "kernel", "recurrent_kernel", "bias"];

/**
 * Recognises the merge decoder in a file of weights without the model, by their shapes.
 *
 * @throws {SyntaxError} if they are not a decoder's
 * @throws {RangeError} if shapes do not tell the weights apart, or the decoder is bilstm_dot
 */
export function readWeightsOnly(file: Hdf5File, writer: string): ImportedModel {
  const groups = groupsOf(file, "");
  const ofRanks = (...ranks: number[]) =>
    groups.filter((group) => group.map(({ shape }) => shape.length).join() === ranks.join());
  const [embeddings, denses, lstms] = [ofRanks(2), ofRanks(2, 1), ofRanks(2, 2, 1)];
  const isDecoder = embeddings.length === 1 && denses.length === 3;
  if (isDecoder && lstms.length === 4) {
    throw new RangeError(
      "it holds only the weights of bilstm_dot, which do not determine its attention: " +
        "save the whole model in Keras (model.save) and import that",
    );
  }
  if (!isDecoder || lstms.length !== 1) {
    throw new SyntaxError(
      "it holds neither a Keras model nor the weights of the merge decoder (an embedding, an " +
        `LSTM and three dense layers; found ${embeddings.length}, ${lstms.length} and ` +
        `${denses.length}): save the whole model in Keras (model.save) and import that`,
    );
  }
  const [embedding] = embeddings;
  const [lstm] = lstms;
  const [vocabularySize, width] = embedding[0].shape;
  const units = lstm[1].shape[0];
  const named = assign(denses, vocabularySize, units);
  const weights: Weights = new Map();
  const add = (names: string[], group: Group) =>
    names.forEach((name, i) => {
      const { path, shape } = group[i];
      weights.set(name, { shape, data: file.read(path) });
    });
  add(denseNames("image"), named.image);
  add(["embedding/embeddings"], embedding);
  add(lstmNames("lstm"), lstm);
  add(denseNames("dense"), named.dense);
  add(denseNames("output"), named.output);
  const dense = named.dense[0].shape[1];
  return {
    settings: mergeSettings.parse({ kind: "merge", embedding: width, units, dense }),
    weights,
    vocabularySize,
    longest: null,
    featureShape: [named.image[0].shape[0]],
    writer,
    notes: [
      "The file holds weights without the model: they were recognised by their shapes, and the " +
      "published merge decoder was assumed (ReLU, masked padding, image and words added)",
      "Dropout and penalties, which only matter for further training, are the defaults",
    ],
  };
}

/** Which dense layer is which: image [width, units], dense [units, d], output [d, words]. */
function assign(denses: Group[], vocabularySize: number, units: number) {
  const found = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    .map((order) => order.map((i) => denses[i]))
    .filter(([image, dense, output]) =>
      image[0].shape[1] === units && dense[0].shape[0] === units &&
      output[0].shape[0] === dense[0].shape[1] && output[0].shape[1] === vocabularySize
    );
  if (found.length === 1) {
    const [[image, dense, output]] = found;
    return { image, dense, output };
  }
  const shapes = denses.map(([{ shape }]) => `[${shape}]`).join(", ");
  throw new RangeError(
    found.length === 0
      ? `its dense layers ${shapes} do not fit an LSTM of ${units} units and ` +
        `${vocabularySize} words`
      : `its dense layers ${shapes} fit in more than one order: save the whole model in Keras ` +
        "(model.save) and import that",
  );
}

function groupsOf(file: Hdf5File, folder: string): Group[] {
  const own: Group = [];
  const inner: Group[] = [];
  for (const key of file.keys(folder)) {
    if (folder === "" && /^(optimizer|metrics)/.test(key)) continue;
    const path = `${folder}/${key}`;
    const shape = file.shape(path);
    if (shape === undefined) inner.push(...groupsOf(file, path));
    else own.push({ path, shape });
  }
  const order = ({ path }: { path: string }) => {
    const name = path.slice(path.lastIndexOf("/") + 1).replace(/:\d+$/, "");
    const index = ORDER.indexOf(name);
    return index < 0 ? Number(name) : index;
  };
  own.sort((a, b) => order(a) - order(b));
  return own.length === 0 ? inner : [own, ...inner];
}
