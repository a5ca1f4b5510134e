import type { Dataset, File, Group } from "h5wasm/node";
import { checkContent, readHead } from "./check_content.ts";
import { openInput } from "./input_file.ts";
import { type FloatType, floatTypeOf, readFloats } from "./hdf5_floats.ts";
import { checkHeaps, heapsOf } from "./hdf5_heaps.ts";

/** An attribute's value, of the types found in Keras' files. */
export type Hdf5Attribute = string | number | string[] | number[];

/**
 * An HDF5 file open for reading; only what is asked for is read into memory. Links to other files
 * are refused with a SyntaxError.
 *
 * ```ts ignore
 * using file = await openHdf5("weights.h5");
 * const kernel = file.read("block1_conv1/block1_conv1/kernel:0");
 * ```
 */
export class Hdf5File implements Disposable {
  readonly #file: File;
  readonly #path: string;
  readonly #keys = new Map<string, ReadonlySet<string>>(); // listing a large group is slow
  /** What was found lately: looking it up takes the library longer than reading a small array. */
  readonly #found = new Map<string, ReturnType<Group["get"]>>();

  /** Use {@linkcode openHdf5}. */
  constructor(file: File, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** Names of a group's members, in the library's order; none if the group does not exist. */
  keys(group = "/"): string[] {
    const path = group.split("/").filter((part) => part !== "").join("/");
    return this.#reading(group, () => [...this.#names(path)]);
  }

  /** Whether a group or an array exists at this path. */
  has(path: string): boolean {
    return this.#reading(path, () => this.#find(path) !== null);
  }

  /** An attribute of a group or an array, undefined if it has none; texts without padding. */
  attribute(path: string, name: string): Hdf5Attribute | undefined {
    return this.#reading(path, () => {
      const found = this.#find(path);
      if (found === null || !("attrs" in found)) return undefined;
      if (!Object.hasOwn(found.attrs, name)) return undefined;
      return found.get_attribute(name, true) as Hdf5Attribute | null ?? undefined;
    });
  }

  /** Shape of an array, undefined if no array has this path. */
  shape(path: string): number[] | undefined {
    return this.#reading(path, () => this.#dataset(path)?.shape ?? undefined);
  }

  /**
   * Type of an array's elements: a {@linkcode FloatType}, text, or else the library's name; undefined
   * if no array has this path.
   */
  type(path: string): string | undefined {
    return this.#reading(path, () => {
      const dataset = this.#dataset(path);
      if (dataset === undefined) return undefined;
      const { dtype } = dataset;
      const name = typeof dtype === "string" ? dtype : JSON.stringify(dtype);
      return /^[SA]\d*$/.test(name) ? "text" : floatTypeOf(dataset) ?? name;
    });
  }

  /**
   * Some rows of an array of floating-point numbers, row-major.
   *
   * @param from the first row
   * @param to the row after the last one
   * @throws {RangeError} if no array has this path, or it has fewer rows
   * @throws {TypeError} if its elements are not floating-point numbers of 16, 32 or 64 bits
   * @throws {SyntaxError} if the file's bytes cannot be read or understood
   */
  readRows(path: string, from: number, to: number): Float32Array {
    const { dataset, shape, type } = this.#floats(path);
    if (!(from >= 0 && from <= to && to <= (shape[0] ?? 0))) {
      throw new RangeError(`"${path}" in ${this.#path} has no rows ${from} to ${to}`);
    }
    return this.#reading(path, () => Float32Array.from(readFloats(dataset, type, [from, to])));
  }

  /**
   * An array of texts, without padding.
   *
   * @throws {TypeError} if no array of texts has this path
   * @throws {SyntaxError} if the file's bytes cannot be read or understood
   */
  readTexts(path: string): string[] {
    if (this.type(path) !== "text") throw new TypeError(`"${path}" in ${this.#path} has no texts`);
    const value = this.#reading(path, () => this.#dataset(path)!.value);
    return (Array.isArray(value) ? value : [value]).map((text) => String(text).replace(/\0+$/, ""));
  }

  /**
   * An array of floating-point numbers, row-major, read in pieces of about 16 MB.
   *
   * @throws {RangeError} if no array has this path
   * @throws {TypeError} if its elements are not floating-point numbers of 16, 32 or 64 bits
   * @throws {SyntaxError} if the file's bytes cannot be read or understood
   */
  read(path: string): Float32Array {
    const { dataset, shape, type } = this.#floats(path);
    const size = shape.reduce((product, side) => product * side, 1);
    if (size === 0) return new Float32Array();
    if (size > MOST_NUMBERS) {
      throw new RangeError(
        `"${path}" in ${this.#path} has the shape [${shape}], too large to be read: give a smaller file`,
      );
    }
    const values = new Float32Array(size);
    const rows = shape[0] ?? 1;
    const rowsAtOnce = Math.max(1, Math.floor(NUMBERS_AT_ONCE * rows / size));
    this.#reading(path, () => {
      if (rowsAtOnce >= rows) {
        values.set(readFloats(dataset, type));
        return;
      }
      for (let row = 0; row < rows; row += rowsAtOnce) {
        const piece = readFloats(dataset, type, [row, Math.min(row + rowsAtOnce, rows)]);
        values.set(piece, row * (size / rows));
      }
    });
    return values;
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }

  #names(path: string): ReadonlySet<string> {
    let names = this.#keys.get(path);
    if (names === undefined) {
      const found = this.#find(path);
      names = new Set(found !== null && "keys" in found ? (found as Group).keys() : []);
      this.#keys.set(path, names);
    }
    return names;
  }

  #find(path: string): ReturnType<Group["get"]> {
    const whole = path.split("/").filter((part) => part !== "").join("/");
    if (whole === "") return this.#file;
    let found = this.#found.get(whole);
    if (found === undefined) {
      found = this.#lookUp(whole);
      if (this.#found.size >= MOST_FOUND) this.#found.clear();
      this.#found.set(whole, found);
    }
    return found;
  }

  #lookUp(path: string): ReturnType<Group["get"]> {
    const slash = path.lastIndexOf("/");
    if (!this.#names(path.slice(0, Math.max(0, slash))).has(path.slice(slash + 1))) return null;
    this.#checkLink(path);
    return this.#file.get(path);
  }

  /** Otherwise a file from elsewhere could read any file on this machine. */
  #checkLink(path: string): void {
    const { filename } = this.#file.get_external_link(path); // undefined where it is not such a link
    if (filename === undefined) return;
    throw new SyntaxError(
      `${this.#path} is refused: its member ${path} is a link to another file, ${filename}`,
    );
  }

  #floats(path: string): { dataset: Dataset; shape: number[]; type: FloatType } {
    const dataset = this.#reading(path, () => this.#dataset(path));
    const shape = dataset && this.#reading(path, () => dataset.shape);
    if (dataset === undefined || shape === undefined || shape === null) {
      throw new RangeError(`${this.#path} has no array "${path}"`);
    }
    const type = this.#reading(path, () => floatTypeOf(dataset));
    if (type === undefined) {
      const found = String(dataset.dtype);
      throw new TypeError(`"${path}" in ${this.#path} has numbers of type ${found}, not floats`);
    }
    return { dataset, shape, type };
  }

  #reading<Value>(path: string, read: () => Value): Value {
    try {
      return read();
    } catch (error) {
      if (error instanceof SyntaxError) throw error; // a link, or a part of the same is damaged
      throw new SyntaxError(
        `Cannot read "${path}" in ${this.#path}: ${innermost(error)}; get the file again`,
        { cause: error },
      );
    }
  }

  #dataset(path: string): Dataset | undefined {
    const found = this.#find(path);
    return found !== null && "dtype" in found ? found as Dataset : undefined;
  }
}

/**
 * Opens an HDF5 file for reading.
 *
 * @throws {Deno.errors.NotFound} if the file does not exist
 * @throws {SyntaxError} if it is not an HDF5 file, or only the beginning of one
 */
export async function openHdf5(path: string): Promise<Hdf5File> {
  const loading = import("h5wasm/node"); // takes longer than the check, which waits for the disk
  loading.catch(() => {}); // told below
  await checkBeginning(path);
  const { File, ready } = await loading;
  const library = await ready;
  library.activate_throwing_error_handler(); // otherwise it prints to standard error and continues
  try {
    return new Hdf5File(new File(path, "r"), path);
  } catch (error) {
    throw new SyntaxError(
      `${path} begins as an HDF5 file but cannot be read (${innermost(error)}): ` +
        "get the file again",
      { cause: error },
    );
  }
}

/** Numbers of the largest array, 4 GiB of them. */
const MOST_NUMBERS = 2 ** 30;

/** Most groups and arrays that are remembered. */
const MOST_FOUND = 4096;

const NUMBERS_AT_ONCE = 4 * 1024 * 1024;
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Where a superblock gives the end of the file, by its version (Specification, II.A). */
const OFFSET_OF_END = [40, 44, 28, 28];

/**
 * The signature may stand at 0, 512, 1024, 2048, … (HDF5 File Format Specification, II.A); the
 * superblock after it says how long the file is. Checked here because the library reports a file that
 * it cannot read through a temporary file, which a task may not write.
 */
async function checkBeginning(path: string): Promise<void> {
  using file = await openInput(path);
  const { size } = await file.stat();
  const buffer = new Uint8Array(64);
  for (let at = 0; at + SIGNATURE.length <= size; at = at === 0 ? 512 : 2 * at) {
    await file.seek(at, Deno.SeekMode.Start);
    const read = await file.read(buffer);
    if (read === null || !SIGNATURE.every((byte, i) => buffer[i] === byte)) continue;
    const end = OFFSET_OF_END[buffer[SIGNATURE.length]];
    const whole = end === undefined || read < end + 8
      ? undefined
      : Number(new DataView(buffer.buffer).getBigUint64(end, true));
    if (whole !== undefined && whole > size) {
      throw new SyntaxError(
        `${path} is truncated: ${size} of ${whole} bytes are present; get the file again`,
      );
    }
    await checkHeaps(heapsOf(file, size), path);
    return;
  }
  checkContent(path, readHead(path), "an HDF5 file", ["HDF5"]);
  throw new SyntaxError(
    size === 0
      ? `${path} is empty, not an HDF5 file: get the file again`
      : `${path} is not an HDF5 file: get the file again, or give another`,
  );
}

/** The deepest line of HDF5's error stack, which says what was wrong. */
function innermost(error: unknown): string {
  const lines = String(error instanceof Error ? error.message : error).split("\n");
  const isTold = !(error instanceof WebAssembly.RuntimeError);
  if (!isTold || lines[0].includes("Requires write access")) return "HDF5 gives no reason";
  const frames = lines.filter((line) => /#\d+:/.test(line));
  const last = frames.at(-1) ?? lines[0];
  return last.replace(/^.*line \d+ in \w+\(\): /, "").trim();
}
