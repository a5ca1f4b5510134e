/** A layer, or an operation of Keras 3, in a model's graph. */
export interface KerasLayer {
  /** Its name in the file. */
  name: string;
  /** Keras' class, e.g. `Dense`; for a TensorFlow function in Keras 2 `TFOpLambda`. */
  className: string;
  /** The class by which a file finds its arrays, where another is read into it. */
  storedClass?: string;
  /** Its constructor's arguments. */
  config: Record<string, unknown>;
  /** The layers whose outputs it is called with, in order, without the mask's. */
  inputs: KerasLayer[];
  /** Its other keyword arguments. */
  keywords: Record<string, unknown>;
  /** Strings among the positional arguments, such as an equation. */
  texts: string[];
  /** The layer whose output is its mask. */
  mask?: KerasLayer;
  /** Whether Keras 3 wrote the call: what it masks is written in it. */
  saysMask?: boolean;
  /** Names of the models around it, without the outermost. */
  parents: string[];
  /** A batch normalisation between a dense layer's sums and its activation. */
  norm?: KerasLayer;
  /** Whether it gives no mask, whatever that of its input is. */
  losesMask?: boolean;
  /** Whether something reads another output than its first, such as a state. */
  readsStates?: boolean;
}

/** A model's layers as the file connects them; nested models are flattened. */
export interface KerasGraph {
  /** Its inputs, in order. */
  inputs: KerasLayer[];
  /** Its outputs. */
  outputs: KerasLayer[];
  /** Every layer, including those of nested models, in the file's order. */
  layers: KerasLayer[];
  /** All nested models, at any depth, in the file's order. */
  models: KerasLayer[];
}

type Json = Record<string, unknown>;

/**
 * Reads the graph from a model's config as written by Keras 2 (`model_config`) or 3 (`config.json`).
 * Nothing is executed: code in it (Lambda) stays text.
 *
 * @param model the config, parsed
 * @throws {SyntaxError} if it is not a model of connected layers
 * @throws {RangeError} naming a layer that is called more than once, or whose inputs are missing
 */
export function readKerasGraph(model: unknown): KerasGraph {
  const isModel = isObject(model) && typeof model.class_name === "string";
  if (!isModel || !isObject(model.config) && !isSequential(model)) {
    throw new SyntaxError("the model's config is not that of a Keras model: get the file again");
  }
  if (!isFunctional(model) && !isSequential(model)) {
    const { class_name: kind, config: { name } } = model as { class_name: string; config: Json };
    throw new RangeError(
      `the model "${name}" is of class ${kind}: only models of connected layers (functional or ` +
        "sequential) are read; save one of these, whole",
    );
  }
  const graph = graphOf(model, []);
  checkAcyclic(graph);
  return graph;
}

/** In a damaged file, whoever follows the inputs could go round for ever. */
function checkAcyclic({ layers }: KerasGraph): void {
  const done = new Set<KerasLayer>();
  const above = new Set<KerasLayer>();
  const visit = (layer: KerasLayer) => {
    if (done.has(layer)) return;
    if (above.has(layer)) throw new SyntaxError(`its layers form a circle at "${layer.name}"`);
    above.add(layer);
    layer.inputs.forEach(visit);
    above.delete(layer);
    done.add(layer);
  };
  layers.forEach(visit);
}

function graphOf(model: Json, parents: string[]): KerasGraph {
  return isSequential(model)
    ? chainOf(model, parents)
    : functionalGraph(model.config as Json, parents);
}

/** A layer, and its graph if it is a model. */
interface Node {
  layer: KerasLayer;
  inner?: KerasGraph;
}

function nodeOf(spec: Json, parents: string[]): Node {
  const name = nameOf(spec);
  if (typeof spec.class_name !== "string" || !isObject(spec.config) && !isSequential(spec)) {
    throw new SyntaxError(
      `layer "${name}" does not have a class and a config; save the model again`,
    );
  }
  const layer: KerasLayer = {
    name,
    className: spec.class_name,
    config: isObject(spec.config) ? spec.config : {},
    inputs: [],
    keywords: {},
    texts: [],
    parents,
  };
  const isModel = isFunctional(spec) || isSequential(spec);
  return { layer, inner: isModel ? graphOf(spec, [...parents, name]) : undefined };
}

function nameOf({ name, config }: Json): string {
  return String(name ?? (isObject(config) ? config.name : undefined));
}

function functionalGraph(config: Json, parents: string[]): KerasGraph {
  const specs = config.layers as Json[];
  const nodes = new Map<string, Node>();
  const layers: KerasLayer[] = [];
  const models: KerasLayer[] = [];
  for (const spec of specs) {
    const node = nodeOf(spec, parents);
    const { layer, inner } = node;
    nodes.set(layer.name, node);
    layers.push(...inner?.layers ?? [layer]);
    if (inner !== undefined) models.push(layer, ...inner.models);
  }
  const find = ([name, , tensor]: Reference): KerasLayer => {
    const node = nodes.get(name);
    if (node === undefined) {
      throw new SyntaxError(`the model has no layer "${name}": save it again`);
    }
    if (node.inner === undefined) {
      if (tensor > 0) node.layer.readsStates = true;
      return node.layer;
    }
    return node.inner.outputs[tensor];
  };
  for (const spec of specs) {
    const { layer, inner } = nodes.get(nameOf(spec))!;
    const calls = spec.inbound_nodes as unknown[] | undefined ?? [];
    if (calls.length > 1) {
      throw new RangeError(
        `layer "${layer.name}" (${layer.className}) is called ${calls.length} times: ` +
          "only models that call each layer once are read",
      );
    }
    if (calls.length === 1) readCall(calls[0], layer, find);
    if (inner !== undefined) connect(inner, layer);
  }
  return {
    inputs: references(config.input_layers).map(find),
    outputs: references(config.output_layers).map(find),
    layers,
    models,
  };
}

/** The layers of a sequential model, each reading the one before. */
function chainOf(model: Json, parents: string[]): KerasGraph {
  const specs = sequentialLayers(model);
  const [first] = specs;
  if (first === undefined) throw new SyntaxError(`the model "${nameOf(model)}" has no layers`);
  const layers: KerasLayer[] = [];
  const models: KerasLayer[] = [];
  const inputs: KerasLayer[] = [];
  let below: KerasLayer[] = [];
  for (const spec of specs) {
    if (spec.class_name === "Merge") { // Keras 1: of the outputs of several models
      const branches = mergedModels(spec).map((branch) => nodeOf(branch, parents));
      for (const { layer, inner } of branches) {
        models.push(layer, ...inner!.models);
        layers.push(...inner!.inputs, ...inner!.layers.filter((l) => !inner!.inputs.includes(l)));
        inputs.push(...inner!.inputs);
        below.push(...inner!.outputs);
      }
    }
    const { layer, inner } = nodeOf(spec, parents);
    if (below.length === 0 && layer.className !== "InputLayer") {
      const shape = shapeGiven(spec);
      const input: KerasLayer = {
        name: `${layer.name}_input`,
        className: "InputLayer",
        config: shape === undefined ? {} : { batch_shape: shape },
        inputs: [],
        keywords: {},
        texts: [],
        parents,
      };
      layers.push(input);
      inputs.push(input);
      below = [input];
    } else if (layer.className === "InputLayer") inputs.push(layer);
    layer.inputs = below;
    if (inner === undefined) layers.push(layer);
    else {
      models.push(layer, ...inner.models);
      connect(inner, layer);
      layers.push(...inner.layers);
    }
    below = inner?.outputs ?? [layer];
  }
  return { inputs, outputs: below, layers, models };
}

function mergedModels({ config }: Json): Json[] {
  const { layers } = config as { layers?: unknown };
  return Array.isArray(layers) ? layers : [];
}

/** What its first layer says of a sequential model's input. */
function shapeGiven(spec: Json): unknown[] | undefined {
  if (isSequential(spec)) return shapeGiven(sequentialLayers(spec)[0] ?? {});
  if (!isObject(spec.config)) return undefined;
  const { batch_shape: newer, batch_input_shape: older, input_dim: width } = spec.config;
  const shape = newer ?? older ??
    (spec.class_name !== "Embedding" && typeof width === "number" ? [null, width] : undefined);
  return Array.isArray(shape) ? shape : undefined;
}

/** The inputs of a nested model become those of its layers. */
function connect(inner: KerasGraph, outer: KerasLayer): void {
  const replace = (layer: KerasLayer) => {
    const index = inner.inputs.indexOf(layer);
    return index < 0 ? layer : outer.inputs[index] ?? layer;
  };
  for (const layer of inner.layers) {
    layer.inputs = layer.inputs.map(replace);
    if (layer.mask !== undefined) layer.mask = replace(layer.mask);
  }
  inner.layers = inner.layers.filter((layer) => !inner.inputs.includes(layer));
}

/** A layer's name, the index of its call, the index of the output. */
type Reference = [name: string, call: number, tensor: number];

function readCall(call: unknown, layer: KerasLayer, find: (to: Reference) => KerasLayer): void {
  const isKeras3 = isObject(call) && "args" in call;
  const given = isKeras3 ? call.args : call;
  layer.saysMask = isKeras3;
  layer.keywords = isKeras3 ? call.kwargs as Json ?? {} : keywordsOf(given);
  const { mask, ...others } = layer.keywords;
  const keywords = isKeras3 ? others : {}; // in Keras 2 they are in the references
  layer.inputs = [...references(given), ...references(keywords)].map(find);
  const [first] = references(mask);
  if (first !== undefined) layer.mask = find(first);
  layer.texts = textsIn(given);
  if (layer.inputs.length > 0) return;
  throw new RangeError(
    `the file does not say what layer "${layer.name}" (${layer.className}) is called with ` +
      "(Keras 2 omits that for tf.einsum, and cannot load the file either)",
  );
}

/** References to layers anywhere in arguments, in order, of either version of Keras. */
function references(value: unknown): Reference[] {
  if (Array.isArray(value)) {
    const [name, call, tensor, keywords] = value;
    if (typeof name === "string" && Number.isInteger(call) && call >= -1) {
      const inKeywords = isObject(keywords) ? { ...keywords, mask: undefined } : undefined;
      if (call === -1) return references(inKeywords); // a constant instead of a layer
      return [[name, call, Number(tensor)], ...references(inKeywords)];
    }
    return value.flatMap(references);
  }
  if (!isObject(value)) return [];
  if (value.class_name === "__keras_tensor__") {
    return [(value.config as Json).keras_history as Reference];
  }
  return Object.values(value).flatMap(references);
}

/** Keras 2 writes the keyword arguments after each reference: `["dense", 0, 0, {…}]`. */
function keywordsOf(call: unknown): Json {
  if (!Array.isArray(call)) return {};
  if (typeof call[0] === "string" && isObject(call[3])) return call[3];
  return Object.assign({}, ...call.map(keywordsOf));
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return [];
}

function isSequential({ class_name: kind, config }: Json): boolean {
  return kind === "Sequential" &&
    (Array.isArray(config) || isObject(config) && Array.isArray(config.layers));
}

/** A list; in Keras before 2.2 the config itself. */
function sequentialLayers({ config }: Json): Json[] {
  return (Array.isArray(config) ? config : (config as Json).layers) as Json[];
}

function isFunctional({ class_name: kind, config }: Json): boolean {
  return (kind === "Functional" || kind === "Model") && isObject(config) &&
    Array.isArray(config.layers) && "input_layers" in config; // a list, or by name
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
