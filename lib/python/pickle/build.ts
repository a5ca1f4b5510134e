import { NumpyArray } from "../numpy/array.ts";
import { NumpyDtype, parseDtype } from "../numpy/dtype.ts";
import { StoredBytes } from "../stored_bytes.ts";
import { storageOf, tensorOf } from "../torch/build_tensor.ts";
import { Global, type GlobalKind } from "./global.ts";
import { encodeLatin1 } from "./text.ts";
import { PickleObject, PickleTuple, type PickleValue, StoredText } from "./values.ts";

/** A numpy array that was created, but whose state may not be set yet. */
export class UnfilledArray {
  /** The array, once its state is set. */
  filled?: NumpyArray;
}

/** A value on a pickle's stack. */
export type StackValue = PickleValue | UnfilledArray;

type Make = (
  args: readonly StackValue[],
  name: string,
  callable: Global,
) => StackValue | undefined;

/** Results of calling the known names; undefined if no known file makes such a call. */
const MAKERS: Partial<Record<GlobalKind, Make>> = {
  set: ([list, ...more]) =>
    more.length > 0
      ? undefined
      : list === undefined
      ? new Set()
      : Array.isArray(list)
      ? new Set(list)
      : undefined,
  bytes: ({ length }) => length === 0 ? new Uint8Array(0) : undefined,
  OrderedDict: ([pairs, ...more]) => more.length > 0 ? undefined : orderedDict(pairs),
  defaultdict: ([factory, ...more]) =>
    more.length === 0 && (factory === undefined || factory === null || isGlobal(factory, "int") ||
        isGlobal(factory, "factory"))
      ? new Map()
      : undefined,
  Counter: ([counts, ...more]) => {
    if (more.length > 0) return undefined;
    return counts === undefined ? new Map() : counts instanceof Map ? counts : undefined;
  },
  // How TensorFlow pickles a tensor that holds numbers.
  convert_to_tensor: ([array, ...more]) =>
    array instanceof NumpyArray && more.length === 0 ? array : undefined,
  reconstructor: ([type, base, state]) =>
    isGlobal(type, "Tokenizer") && isGlobal(base, "object") && state === null
      ? new PickleObject((type as Global).name)
      : undefined,
  Tokenizer: ({ length }, _, { name }) => length === 0 ? new PickleObject(name) : undefined,
  encode: ([text, encoding], name) =>
    encoding === "latin1" || encoding === "latin-1" ? encode(text, name) : undefined,
  reconstruct: ([type]) => isGlobal(type, "ndarray") ? new UnfilledArray() : undefined,
  dtype: ([text]) => typeof text === "string" ? parseDtype(text) : undefined,
  scalar: ([dtype, data], name) => {
    const bytes = storedBytes(data, name);
    return dtype instanceof NumpyDtype && bytes !== undefined
      ? new NumpyArray(name, dtype, [], false, bytes).element()
      : undefined;
  },
  path: (parts) =>
    parts.every((part) => typeof part === "string")
      ? parts.join("/").replace(/^\/\//, "/") // the first part of an absolute one is "/"
      : undefined,
  rebuild_tensor: (args) => tensorOf(args),
  frombuffer: ([data, dtype, shape, order], name) => {
    const bytes = storedBytes(data, name);
    const sides = sidesOf(shape);
    return dtype instanceof NumpyDtype && bytes !== undefined && sides !== undefined
      ? new NumpyArray(name, dtype, sides, order === "F", bytes)
      : undefined;
  },
};

/**
 * What a call of a known name would return in Python; nothing is called here.
 *
 * @throws {SyntaxError} if no known file makes such a call
 */
export function call(callable: StackValue, args: StackValue, name: string): StackValue {
  if (!(callable instanceof Global)) {
    throw new SyntaxError(
      `${name} calls a value that is neither a function nor a class: it is refused; nothing was executed`,
    );
  }
  const made = args instanceof PickleTuple
    ? MAKERS[callable.kind]?.(args.items, name, callable)
    : undefined;
  if (made !== undefined) return made;
  if (callable.kind === "rebuild_tensor") {
    throw new SyntaxError(
      `${name} has a tensor that does not lie within its storage: it is damaged; get it again`,
    );
  }
  const list = args instanceof PickleTuple
    ? args.items.map(describeValue).join(", ")
    : describeValue(args);
  throw new SyntaxError(
    `${name} calls ${callable.name} with (${list}), which no Keras tokenizer or features file does: ` +
      "it is refused; nothing was executed",
  );
}

/**
 * What a persistent id stands for in a file of torch.
 *
 * @throws {SyntaxError} if it is not a storage
 */
export function persistent(id: PickleValue, name: string): StackValue {
  const storage = storageOf(id);
  if (storage !== undefined) return storage;
  throw new SyntaxError(
    `${name} names something outside of its pickle that is not a storage of a known type: it is ` +
      "refused; nothing was executed",
  );
}

/**
 * Sets an object's state, as Python's BUILD does.
 *
 * @throws {SyntaxError} if the object cannot have a state, or the state has an unexpected type
 */
export function setState(object: StackValue, state: StackValue, name: string): void {
  if (object instanceof PickleObject && state instanceof Map) {
    for (const [key, value] of state) object.state.set(key, value);
  } else if (object instanceof Map && isMetadata(state)) {
    return; // versions of torch's modules, which its state dicts carry
  } else if (object instanceof NumpyDtype && state instanceof PickleTuple) {
    const [, order, base, names, fields] = state.items;
    if (base !== null || names !== null || fields !== null) {
      throw new SyntaxError(
        `${name} has arrays of records: save each feature as an array of numbers`,
      );
    }
    object.littleEndian = order !== ">";
  } else if (object instanceof UnfilledArray && state instanceof PickleTuple) {
    object.filled = arrayOf(state.items, name);
  } else {
    throw new SyntaxError(
      `${name} sets the state of ${describeValue(object)} to ${
        describeValue(state)
      }: it is refused; ` +
        "nothing was executed",
    );
  }
}

function isMetadata(state: StackValue): boolean {
  return state instanceof Map && state.size === 1 && state.has("_metadata");
}

function arrayOf(state: readonly PickleValue[], name: string): NumpyArray {
  const [shape, dtype, fortran, data] = state.slice(-4);
  const sides = sidesOf(shape);
  const content = Array.isArray(data) ? data : storedBytes(data, name);
  if (sides === undefined || !(dtype instanceof NumpyDtype) || content === undefined) {
    throw new SyntaxError(`${name} has an array whose state has an unexpected type: it is damaged`);
  }
  return new NumpyArray(name, dtype, sides, fortran === true || fortran === 1, content);
}

function sidesOf(shape: StackValue): number[] | undefined {
  if (!(shape instanceof PickleTuple)) return undefined;
  return shape.items.every((side) => typeof side === "number")
    ? [...shape.items] as number[]
    : undefined;
}

/** Bytes as written by any protocol; Python 2 writes a str. */
function storedBytes(data: StackValue, name: string): StoredBytes | undefined {
  if (data instanceof StoredBytes) return data;
  if (data instanceof Uint8Array) {
    return new StoredBytes(data.length, data.length, () => new Uint8Array(data));
  }
  const bytes = typeof data === "string" || data instanceof StoredText
    ? encode(data, name)
    : undefined;
  return bytes instanceof Uint8Array ? storedBytes(bytes, name) : bytes;
}

function encode(text: StackValue, name: string): StoredBytes | Uint8Array | undefined {
  if (typeof text === "string") return encodeLatin1(text, name);
  if (!(text instanceof StoredText)) return undefined;
  // Latin-1's characters take one or two bytes in UTF-8, up to ten when escaped.
  const least = text.encoding === "latin-1" ? text.length : Math.floor(text.length / 10);
  return new StoredBytes(least, text.length, () => encodeLatin1(text.read(), name));
}

function orderedDict(pairs: StackValue): Map<PickleValue, PickleValue> | undefined {
  if (pairs === undefined) return new Map();
  if (!Array.isArray(pairs)) return undefined;
  const map = new Map<PickleValue, PickleValue>();
  for (const pair of pairs) {
    const items = pair instanceof PickleTuple ? pair.items : Array.isArray(pair) ? pair : [];
    if (items.length !== 2 || typeof items[0] === "object") return undefined;
    map.set(items[0], items[1]);
  }
  return map;
}

function isGlobal(value: StackValue, kind: GlobalKind): boolean {
  return value instanceof Global && value.kind === kind;
}

/** A short description for messages. */
export function describeValue(value: StackValue): string {
  if (value === null) return "None";
  if (value instanceof Global) return value.name;
  if (value instanceof PickleObject) return `a ${value.type}`;
  if (value instanceof PickleTuple) return "a tuple";
  if (value instanceof StoredText || typeof value === "string") return "a string";
  if (value instanceof StoredBytes || value instanceof Uint8Array) return "bytes";
  if (value instanceof Map) return "a dict";
  if (value instanceof Set) return "a set";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an array";
  return typeof value === "boolean" ? (value ? "True" : "False") : String(value);
}
