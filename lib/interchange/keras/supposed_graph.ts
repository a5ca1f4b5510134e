import type { FileLayer } from "./file_layers.ts";
import type { KerasGraph, KerasLayer } from "./graph.ts";

/** Where a decoder's image comes in, and in which order two parts are joined. */
export type Shape =
  | { kind: "merge"; merge: "add" }
  | { kind: "merge"; merge: "concatenate"; wordsFirst: boolean }
  | { kind: "par_inject"; wordsFirst: boolean }
  | { kind: "init_inject" };

/** The layers with weights of a decoder, each in its place. */
export interface Parts {
  /** The projection of the image. */
  image: FileLayer;
  /** The embedding of the words. */
  embedding: FileLayer;
  /** The recurrent layers, from the words up. */
  recurrent: FileLayer[];
  /** The dense layer before the last; undefined if there is none. */
  dense?: FileLayer;
  /** The last layer. */
  output: FileLayer;
}

/** What weights do not tell. */
export interface Assumed {
  /** The function of the recurrent layers' gates. */
  recurrentActivation: "sigmoid" | "hard_sigmoid";
}

/** A graph of layers, and where each one's arrays are. */
export interface SupposedGraph {
  graph: KerasGraph;
  files: Map<KerasLayer, FileLayer>;
}

/**
 * The graph that a decoder of these parts would have, as a whole model's config would give it: so that
 * both are recognised and checked in the same way.
 */
export function supposedGraph(shape: Shape, parts: Parts, assumed: Assumed): SupposedGraph {
  const { image, embedding, recurrent, dense, output } = parts;
  const files = new Map<KerasLayer, FileLayer>();
  const layers: KerasLayer[] = [];
  const add = (
    name: string,
    className: string,
    config: KerasLayer["config"],
    inputs: KerasLayer[],
    file?: FileLayer,
  ) => {
    const layer = { name, className, config, inputs, keywords: {}, texts: [], parents: [] };
    layers.push(layer);
    if (file !== undefined) files.set(layer, file);
    return layer;
  };
  const denseOn = (file: FileLayer, activation: string, input: KerasLayer) =>
    add(
      file.name,
      "Dense",
      {
        units: file.arrays[0].shape[1],
        activation,
        use_bias: file.arrays.length === 2,
      },
      [input],
      file,
    );
  const width = image.arrays[0].shape[0];
  const photo = add("image", "InputLayer", { batch_shape: [null, width] }, []);
  const words = add("words", "InputLayer", { batch_shape: [null, null] }, []);
  const vector = denseOn(image, "relu", photo);
  const [vocabularySize, embedded] = embedding.arrays[0].shape;
  let sequence = add(
    embedding.name,
    "Embedding",
    {
      input_dim: vocabularySize,
      output_dim: embedded,
      mask_zero: true,
    },
    [words],
    embedding,
  );
  const join = (wordsFirst: boolean, first: KerasLayer, second: KerasLayer) =>
    add("joined", "Concatenate", { axis: -1 }, wordsFirst ? [second, first] : [first, second]);
  if (shape.kind === "par_inject") {
    const repeated = add("repeated", "RepeatVector", { n: 1 }, [vector]);
    sequence = join(shape.wordsFirst, repeated, sequence);
  }
  for (const [i, file] of recurrent.entries()) {
    const state = shape.kind !== "init_inject"
      ? []
      : file.className === "LSTM"
      ? [vector, vector]
      : [vector];
    sequence = add(
      file.name,
      file.className!,
      recurrentConfig(file, i < recurrent.length - 1, assumed),
      [sequence, ...state],
      file,
    );
  }
  let top = sequence;
  if (shape.kind === "merge") {
    top = shape.merge === "add"
      ? add("added", "Add", {}, [vector, sequence])
      : join(shape.wordsFirst, vector, sequence);
  }
  if (dense !== undefined) top = denseOn(dense, "relu", top);
  const last = denseOn(output, "softmax", top);
  return { graph: { inputs: [photo, words], outputs: [last], layers, models: [] }, files };
}

function recurrentConfig(
  { arrays }: FileLayer,
  sequences: boolean,
  { recurrentActivation }: Assumed,
): KerasLayer["config"] {
  const [, recurrent, bias] = arrays;
  return {
    units: recurrent.shape[0],
    activation: "tanh",
    recurrent_activation: recurrentActivation,
    use_bias: bias !== undefined,
    return_sequences: sequences,
    reset_after: bias?.shape.length === 2,
  };
}
