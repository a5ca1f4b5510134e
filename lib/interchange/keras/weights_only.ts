import { type FileLayer, fileLayers } from "./file_layers.ts";
import { READ } from "./recognise_decoder.ts";
import { type Parts, type Shape, type SupposedGraph, supposedGraph } from "./supposed_graph.ts";
import type { Hdf5Groups } from "../../keras/mod.ts";

/** What a user says of a file that holds weights alone, by the setting's name. */
export type Told = Readonly<Record<string, string>>;

/** A decoder supposed from weights alone. */
export interface SupposedDecoder extends SupposedGraph {
  /** Each assumption, in a sentence. */
  notes: string[];
  /** Settings of the decoder that the file does not tell. */
  untold: string[];
}

/** What to do where weights do not tell enough. */
const REMEDY = "put the model's layers beside it (model.to_json() in a file model.json), or save " +
  "the whole model in Keras (model.save) and import that";

/** The kinds of layers that a decoder's weights may be in. */
const WITH_WEIGHTS = ["Embedding", "LSTM", "GRU", "Dense"];

/**
 * Supposes the decoder whose weights a file holds without the model: by the layers that it names, with
 * and without weights, and their shapes.
 *
 * @param told what the user says of it: `kind`, `merge`, `order`, `recurrentActivation`
 * @throws {SyntaxError} if it does not hold a decoder's weights
 * @throws {RangeError} naming a layer that does not fit, or what the file does not tell
 */
export function supposeDecoder(file: Hdf5Groups, version: unknown, told: Told): SupposedDecoder {
  const layers = fileLayers(file);
  const weighty = layers.filter(({ arrays }) => arrays.length > 0);
  checkClasses(weighty);
  checkOthers(layers);
  const [embedding, ...others] = weighty.filter(({ className }) => className === "Embedding");
  const recurrent = weighty.filter(({ className }) => className === "LSTM" || className === "GRU");
  const denses = weighty.filter(({ className }) => className === "Dense");
  if (embedding === undefined || others.length > 0 || recurrent.length === 0) {
    const count = [
      embedding === undefined ? 0 : 1 + others.length,
      recurrent.length,
      denses.length,
    ];
    throw new SyntaxError(
      "it holds neither a Keras model nor the weights of a decoder (an embedding, LSTM or GRU " +
        `layers and dense ones; found ${count[0]}, ${count[1]} and ${count[2]}): ${REMEDY}`,
    );
  }
  const fitting = fittingShapes(embedding, recurrent, denses);
  const found = chosen(narrowed(fitting, layers), told);
  if (found === undefined) throw unfitting(embedding, recurrent, denses);
  const { shape, parts } = found.first;
  const gates = gatesOf(version, recurrent, told);
  const supposed = supposedGraph(shape, parts, { recurrentActivation: gates.function });
  return {
    ...supposed,
    notes: [
      "The file holds weights without the model: its layers are recognised by their names and " +
      `shapes, and taken for ${
        describeValue(shape)
      } with ReLU on the dense layers before the last ` +
      "(another projection of the image: --model.imageActivation=linear or tanh)",
      ...found.others.map(({ shape: other }) =>
        `The same weights fit ${describeValue(other)}: if they are those, set ${
          optionOf(other, shape)
        }`
      ),
      ...orderNotes(shape, told),
      ...shape.kind === "init_inject"
        ? [
          "The image's projection is taken for every state that the recurrent layers start with; if " +
          "their output starts with its tanh, set --model.initialOutput=tanh; if only the first of several " +
          "layers starts with it, --model.injectInto=first",
        ]
        : [],
      ...gates.notes,
      "Weights do not tell whether padding is masked (mask_zero=True), which is assumed: if it is " +
      `not${
        shape.kind === "merge" ? "" : " (Keras 3 does not pass the mask on in such a decoder)"
      }, set --model.padding.positions=NUMBER (the length that prefixes were padded to) and ` +
      "--model.padding.side=front (or back)",
      "Dropout and penalties, which only matter for further training, are the defaults",
    ],
    untold: UNTOLD,
  };
}

const UNTOLD = [
  ..."kind merge order recurrentActivation padding.positions padding.side".split(" "),
  ..."imageDropout wordDropout outputDropout layerDropout l2 imageScale imageActivation".split(" "),
  ..."initialOutput injectInto trainEmbedding".split(" "),
];

/** @throws {RangeError} naming a layer with weights that no decoder has, whatever its place */
function checkClasses(layers: readonly FileLayer[]): void {
  const isEncoder = layers.some(({ arrays }) => arrays.some(({ shape }) => shape.length === 4)) &&
    !layers.some(({ className }) => className === "Embedding");
  if (isEncoder) {
    throw new RangeError(
      "it holds the weights of a network that encodes photos (convolutions), not of a decoder: import " +
        "the decoder's file, with --encoder.weights= and this one's path",
    );
  }
  const counted = (name: string) => layers.filter(({ className }) => className === name).length;
  if (counted("Bidirectional") === 2 && counted("Embedding") === 1 && counted("Dense") === 3) {
    throw new RangeError(
      "it holds only the weights of bilstm_dot, which do not determine its attention: " + REMEDY,
    );
  }
  const other = layers.find(({ className }) => !WITH_WEIGHTS.includes(className ?? ""));
  if (other === undefined) return;
  throw new RangeError(
    `layer "${other.name}"${other.className === undefined ? "" : ` (${other.className})`} has ` +
      `weights whose place in the model the file does not tell: ${REMEDY}` +
      (other.className === "BatchNormalization" ? "" : `; ${READ}`),
  );
}

/** The kinds of layers without weights that decoders have, or that change no caption. */
const WITHOUT_WEIGHTS = [
  ..."InputLayer Add Concatenate Merge RepeatVector TimeDistributed Activation Softmax".split(" "),
  ..."ReLU Flatten Dropout SpatialDropout1D GaussianNoise GaussianDropout".split(" "),
  ..."AlphaDropout ActivityRegularization Identity".split(" "),
];

/** @throws {RangeError} naming a layer without weights that changes what the others compute */
function checkOthers(layers: readonly FileLayer[]): void {
  const other = layers.find(({ arrays, className }) =>
    arrays.length === 0 && className !== undefined && !WITHOUT_WEIGHTS.includes(className)
  );
  if (other === undefined) return;
  throw new RangeError(
    `layer "${other.name}" (${other.className}) computes something whose place in the model the ` +
      `file does not tell: ${REMEDY}; ${READ}`,
  );
}

/** A shape of a decoder that fits the weights, and which layer has which place. */
interface Fitting {
  shape: Shape;
  parts: Parts;
  /** Whether its dense layers are in the file's order. */
  inOrder: boolean;
}

/** In the file's order of dense layers, which is the model's; the photo's comes first. */
function fittingShapes(
  embedding: FileLayer,
  recurrent: FileLayer[],
  denses: FileLayer[],
): Fitting[] {
  const [vocabularySize, width] = embedding.arrays[0].shape;
  const sides = recurrent.map(({ arrays: [kernel, own] }) => ({
    inputs: kernel.shape[0],
    units: own.shape[0],
  }));
  if (sides.some(({ inputs }, i) => i > 0 && inputs !== sides[i - 1].units)) return [];
  const { inputs } = sides[0];
  const { units } = sides.at(-1)!;
  const into = (layer: FileLayer) => layer.arrays[0].shape[0];
  const outOf = (layer: FileLayer) => layer.arrays[0].shape[1];
  const found: Fitting[] = [];
  for (const [image, ...rest] of orders(denses)) {
    if (rest.length < 1 || rest.length > 2) continue;
    const inOrder = [image, ...rest].every((layer, i) => layer === denses[i]);
    const output = rest.at(-1)!;
    const dense = rest.length === 2 ? rest[0] : undefined;
    if (outOf(output) !== vocabularySize) continue;
    if (dense !== undefined && into(output) !== outOf(dense)) continue;
    const parts = { image, embedding, recurrent, dense, output };
    const add = (shape: Shape) => found.push({ shape, parts, inOrder });
    const joined = into(dense ?? output); // what the image and the words become
    const vector = outOf(image);
    if (inputs === width) {
      if (joined === units && vector === units) add({ kind: "merge", merge: "add" });
      if (joined === units + vector) {
        add({ kind: "merge", merge: "concatenate", wordsFirst: false });
      }
      if (joined === units && vector === sides[0].units) add({ kind: "init_inject" });
    }
    if (joined === units && inputs === width + vector) {
      add({ kind: "par_inject", wordsFirst: false });
    }
  }
  return found;
}

/** Every order; the given one first. */
function orders<T>(items: readonly T[]): T[][] {
  if (items.length === 0 || items.length > 4) return items.length === 0 ? [[]] : [];
  return items.flatMap((item, i) =>
    orders(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest])
  );
}

/** Only what the layers without weights allow, as far as the file lists them by names of Keras'. */
function narrowed(fitting: Fitting[], layers: readonly FileLayer[]): Fitting[] {
  const classes = layers.filter(({ arrays }) => arrays.length === 0)
    .map(({ className }) => className);
  const has = (...names: string[]) => classes.some((name) => names.includes(name!));
  const isWhole = has("InputLayer") && !classes.includes(undefined);
  return fitting.filter(({ shape }) => {
    if (shape.kind === "merge" && shape.merge === "add") return has("Add") || !has("Concatenate");
    if (shape.kind === "merge") return !has("Add") && !has("RepeatVector");
    if (shape.kind === "par_inject") return !has("Add");
    return !has("Add", "Concatenate", "RepeatVector");
  }).toSorted((a, b) => {
    // A file that lists all layers and no Add has an image that comes in as a state.
    const expected = isWhole && !has("Add", "Concatenate") ? "init_inject" : "merge";
    return Number(b.shape.kind === expected) - Number(a.shape.kind === expected);
  });
}

/** The first that fits what the user says, and those of other shapes that would fit as well. */
function chosen(
  fitting: Fitting[],
  { kind, merge, order }: Told,
): { first: Fitting; others: Fitting[] } | undefined {
  const first = fitting.find(({ shape }) =>
    (kind === undefined || shape.kind === kind) &&
    (merge === undefined || shape.kind !== "merge" || shape.merge === merge)
  );
  if (first === undefined) {
    if (fitting.length === 0 || kind === undefined && merge === undefined) return undefined;
    throw new RangeError(
      `its weights fit ${fitting.map(({ shape }) => describeValue(shape)).join(" or ")}, not ` +
        `${kind ?? "merge"}${merge === undefined ? "" : ` by ${merge}`}`,
    );
  }
  const label = ({ shape }: Fitting) => describeValue(shape);
  const again = fitting.find((fit) => fit !== first && label(fit) === label(first));
  if (again !== undefined && !first.inOrder) {
    throw new RangeError(
      `its dense layers "${first.parts.image.name}" and "${again.parts.image.name}" fit in more than ` +
        `one order: ${REMEDY}`,
    );
  }
  const seen = new Set([label(first)]);
  const others = kind !== undefined ? [] : fitting.filter((fit) => {
    if (seen.has(label(fit))) return false;
    seen.add(label(fit));
    return true;
  });
  if (order === "words" && "wordsFirst" in first.shape) {
    return { first: { ...first, shape: { ...first.shape, wordsFirst: true } }, others };
  }
  return { first, others };
}

function orderNotes(shape: Shape, { order }: Told): string[] {
  if (!("wordsFirst" in shape) || order !== undefined) return [];
  return [
    "Weights do not tell in which order the image and the words are joined: the image is assumed " +
    "first; if the words are, set --model.order=words",
  ];
}

/** Keras has used sigmoid gates since 2.3; tf.keras called itself 2.2.4-tf before and after. */
function gatesOf(
  version: unknown,
  recurrent: readonly FileLayer[],
  { recurrentActivation }: Told,
): { function: "sigmoid" | "hard_sigmoid"; notes: string[] } {
  if (recurrentActivation === "sigmoid" || recurrentActivation === "hard_sigmoid") {
    return { function: recurrentActivation, notes: [] };
  }
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(String(version)) ?? [];
  const older = major !== undefined && (Number(major) < 2 || major === "2" && Number(minor) < 3);
  if (!older) {
    const notes = [
      "Gates by sigmoid are assumed, as Keras has had them since 2.3; if they are by hard_sigmoid, set " +
      "--model.recurrentActivation=hard_sigmoid",
    ];
    return { function: "sigmoid", notes: version === undefined ? notes : [] };
  }
  const resets = recurrent.some(({ className, arrays }) =>
    className === "GRU" && arrays[2]?.shape.length === 2
  );
  const isTf = String(version).endsWith("-tf");
  const assumed = isTf && (version === "2.2.4-tf" || resets) ? "sigmoid" : "hard_sigmoid";
  const other = assumed === "sigmoid" ? "hard_sigmoid" : "sigmoid";
  return {
    function: assumed,
    notes: [
      `Keras ${version} wrote the file: gates by ${assumed} are assumed, ` +
      (assumed === "sigmoid" ? "as TensorFlow 2 has them" : "its default") +
      `; if they are by ${other}, set --model.recurrentActivation=${other}`,
    ],
  };
}

function describeValue(shape: Shape): string {
  if (shape.kind !== "merge") return `the decoder ${shape.kind}`;
  return shape.merge === "add"
    ? "the merge decoder (image and words added)"
    : "the merge decoder (image and words concatenated)";
}

function optionOf(shape: Shape, instead: Shape): string {
  if (shape.kind !== instead.kind) return `--model.kind=${shape.kind}`;
  return `--model.merge=${(shape as Shape & { kind: "merge" }).merge}`;
}

function unfitting(
  embedding: FileLayer,
  recurrent: readonly FileLayer[],
  denses: readonly FileLayer[],
): RangeError {
  const show = (layers: readonly FileLayer[]) =>
    layers.map(({ name, className, arrays: [{ shape }] }) =>
      `"${name}" (${className}) [${shape.join(", ")}]`
    ).join(", ");
  return new RangeError(
    `its layers ${show([embedding, ...recurrent, ...denses])} do not fit together as a decoder ` +
      `that is read: ${REMEDY}; ${READ}`,
  );
}
