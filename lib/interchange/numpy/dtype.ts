/** What numpy calls the type of an array's elements. */
export class NumpyDtype {
  /**
   * @param kind numpy's letter: f floats, i and u integers, b booleans, U and S texts, O objects
   * @param itemSize bytes of an element
   * @param littleEndian whether the least significant byte comes first
   */
  constructor(
    readonly kind: "f" | "i" | "u" | "b" | "U" | "S" | "O",
    readonly itemSize: number,
    public littleEndian: boolean,
  ) {}

  /** As numpy says it: float32, int64, str, object. */
  get name(): string {
    return names[this.kind] + ("fiu".includes(this.kind) ? 8 * this.itemSize : "");
  }
}

const names = { f: "float", i: "int", u: "uint", b: "bool", U: "str", S: "bytes", O: "object" };

const sizes: Record<string, number[]> = {
  f: [2, 4, 8],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  b: [1],
  O: [8, 4],
};

/**
 * The type of a text such as `<f4`.
 *
 * @returns undefined if it is none of those that occur in tokenizer and feature files
 */
export function parseDtype(text: string): NumpyDtype | undefined {
  const parts = /^([<>=|]?)([fiubUSO])(\d{0,9})$/.exec(text);
  if (parts === null) return undefined;
  const kind = parts[2] as NumpyDtype["kind"];
  const number = parts[3] === "" ? (kind === "O" ? 8 : 0) : Number(parts[3]);
  if (kind !== "U" && kind !== "S" && !sizes[kind].includes(number)) return undefined;
  return new NumpyDtype(kind, kind === "U" ? 4 * number : number, parts[1] !== ">");
}
