import { visit } from "jsonc-parser";

/** The keys of a JSON text's objects, which a JavaScript object has in another order, and once. */
export interface JsonKeys {
  /**
   * Keys in the order of the text, without repetition, of the object to which a path of keys leads;
   * undefined for objects in lists.
   */
  of(path: readonly string[]): string[] | undefined;
  /** A key that an object has more than once, and in which line, from 1 on. */
  repeated?: { key: string; line: number };
}

/**
 * Reads the keys of a JSON text: JavaScript sorts those that are whole numbers, as ids may be, and of
 * two equal ones it keeps the last value.
 *
 * @param text valid JSON
 */
export function readJsonKeys(text: string): JsonKeys {
  const objects = new Map<string, Set<string>>();
  /** Of the values around the current one: the key in it that was read last, and all its keys. */
  const around: { key?: string; keys: Set<string> }[] = [];
  let lists = 0;
  let repeated: JsonKeys["repeated"];
  visit(text, {
    onObjectBegin() {
      const keys = new Set<string>();
      if (lists === 0) objects.set(JSON.stringify(around.map(({ key }) => key)), keys);
      around.push({ keys });
    },
    onObjectProperty(key, _offset, _length, line) {
      const object = around.at(-1)!;
      if (object.keys.has(key)) repeated ??= { key, line: line + 1 };
      object.keys.add(key);
      object.key = key;
    },
    onObjectEnd() {
      around.pop();
    },
    onArrayBegin() {
      lists++;
    },
    onArrayEnd() {
      lists--;
    },
  });
  return {
    of(path) {
      const keys = objects.get(JSON.stringify(path));
      return keys && [...keys];
    },
    repeated,
  };
}
