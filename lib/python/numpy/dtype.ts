/** The type of an array's elements (numpy's dtype). */
export class NumpyDtype {
  /**
   * A type of elements.
   *
   * @param kind numpy's letter: f floats, i and u integers, b booleans, U and S strings, O objects
   * @param itemSize bytes per element
   * @param littleEndian whether the least significant byte comes first
   */
  constructor(
    readonly kind: "f" | "i" | "u" | "b" | "U" | "S" | "O",
    readonly itemSize: number,
    public littleEndian: boolean,
  ) {}

  /** Its name in numpy: float32, int64, str, object. */
  get name(): string {
    return NAMES[this.kind] + ("fiu".includes(this.kind) ? 8 * this.itemSize : "");
  }
}

const NAMES = { f: "float", i: "int", u: "uint", b: "bool", U: "str", S: "bytes", O: "object" };

const SIZES: Record<string, number[]> = {
  f: [2, 4, 8],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  b: [1],
  O: [8, 4],
};

/**
 * Parses a type such as `<f4`.
 *
 * @returns undefined if it does not occur in tokenizer and feature files
 */
export function parseDtype(text: string): NumpyDtype | undefined {
  const parts = /^([<>=|]?)([fiubUSO])(\d{0,9})$/.exec(text);
  if (parts === null) return undefined;
  const kind = parts[2] as NumpyDtype["kind"];
  const number = parts[3] === "" ? (kind === "O" ? 8 : 0) : Number(parts[3]);
  if (kind !== "U" && kind !== "S" && !SIZES[kind].includes(number)) return undefined;
  return new NumpyDtype(kind, kind === "U" ? 4 * number : number, parts[1] !== ">");
}
