import {
  NumpyArray,
  PickleTuple,
  type PickleValue,
  StoredText,
  textOfBytes,
} from "../python/mod.ts";

/** JSON's objects as maps, as a pickle has them. */
export function asPickleValue(json: unknown): PickleValue {
  if (Array.isArray(json)) return json.map(asPickleValue);
  if (typeof json !== "object" || json === null) return json as PickleValue;
  return new Map(Object.entries(json).map(([key, value]) => [key, asPickleValue(value)]));
}

/** A text, however Python stored it; undefined if it is something else. */
export function textOf(value: PickleValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  if (value instanceof StoredText) return value.read();
  return value instanceof Uint8Array ? textOfBytes(value) : undefined;
}

/** The items of a list or a tuple; undefined if it is something else. */
export function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | undefined {
  if (value instanceof PickleTuple) return value.items;
  return Array.isArray(value) ? value : undefined;
}

/** A list of texts: a list, a tuple, or a numpy array of one dimension; undefined if it is none. */
export function textsOf(value: PickleValue | undefined): string[] | undefined {
  if (value instanceof NumpyArray) {
    const { dtype, shape, data } = value;
    if (shape.length !== 1) return undefined;
    if (dtype.kind === "O") return textsOf(data as readonly PickleValue[] as PickleValue[]);
    return "US".includes(dtype.kind) ? value.texts() : undefined;
  }
  const texts = itemsOf(value)?.map(textOf);
  return texts === undefined || texts.includes(undefined) ? undefined : texts as string[];
}
