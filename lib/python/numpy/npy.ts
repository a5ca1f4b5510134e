import { type ByteSource, RestOfBytes } from "../byte_source.ts";
import { readPickle } from "../pickle/read_pickle.ts";
import { latin1 } from "../pickle/text.ts";
import { StoredBytes } from "../stored_bytes.ts";
import { NumpyArray } from "./array.ts";
import { type NumpyDtype, parseDtype } from "./dtype.ts";

/** The header of a `.npy` file. */
export interface NpyHeader {
  /** Type of the elements. */
  dtype: NumpyDtype;
  /** Shape of the array. */
  shape: number[];
  /** Whether the first index varies fastest. */
  fortran: boolean;
  /** Offset of the elements. */
  at: number;
}

/** Bytes that hold a header's length, in every version. */
export const NPY_PREFIX = 12;

const MAGIC = "\x93NUMPY";

/** Whether a file that begins with these bytes is a `.npy` file. */
export function isNpy(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, MAGIC.length)) === MAGIC;
}

/**
 * The offset of a `.npy` file's elements.
 *
 * @param prefix its first {@linkcode NPY_PREFIX} bytes
 * @throws {SyntaxError} if it is not a `.npy` file of versions 1 to 3
 */
export function npyHeaderEnd(prefix: Uint8Array, name: string): number {
  if (!isNpy(prefix) || prefix.length < NPY_PREFIX) {
    throw new SyntaxError(`${name} is not a .npy file, or only the beginning of one: get it again`);
  }
  const version = prefix[MAGIC.length];
  if (version < 1 || version > 3) {
    throw new SyntaxError(`${name} is a .npy file of version ${version}; 1 to 3 can be read`);
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset);
  const end = version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  if (end < NPY_PREFIX || end > 1 << 20) {
    throw new SyntaxError(`${name} claims a header of ${end} bytes: it is damaged; get it again`);
  }
  return end;
}

/**
 * Parses the header of a `.npy` file (NumPy enhancement proposal 1).
 *
 * @param head the file's bytes up to the elements
 * @throws {SyntaxError} if it is damaged, or the elements' type is unsupported
 */
export function parseNpyHeader(head: Uint8Array, name: string): NpyHeader {
  const text = latin1(head.subarray(head[MAGIC.length] === 1 ? 10 : 12));
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\dL,\s]*)\)/.exec(text)?.[1];
  const descr = /'descr':\s*(?:'([^']*)'|(\[.*\]))/.exec(text);
  if (order === undefined || shape === undefined || descr === null) {
    throw new SyntaxError(`${name} has a damaged .npy header: get the file again`);
  }
  const dtype = parseDtype(descr[1] ?? "");
  if (dtype === undefined) {
    throw new SyntaxError(
      `${name} has elements of type ${
        descr[1] ?? "record"
      }; floats, integers, strings and objects ` +
        "can be read",
    );
  }
  const sides = shape.split(",").map((side) => side.trim().replace("L", "")).filter(Boolean);
  return { dtype, shape: sides.map(Number), fortran: order === "True", at: head.length };
}

/**
 * The array of a `.npy` file; its elements stay in the file until they are read, except objects.
 *
 * @throws {SyntaxError} if it is damaged or truncated, or its objects are refused
 */
export function readNpy(source: ByteSource): NumpyArray {
  const { name, size } = source;
  const prefix = source.readAt(0, Math.min(NPY_PREFIX, size));
  const { dtype, shape, fortran, at } = parseNpyHeader(
    source.readAt(0, npyHeaderEnd(prefix, name)),
    name,
  );
  if (dtype.kind !== "O") {
    return new NumpyArray(name, dtype, shape, fortran, StoredBytes.of(source, at, size - at));
  }
  const pickled = readPickle(new RestOfBytes(source, at)); // numpy pickles the whole array
  if (!(pickled instanceof NumpyArray) || String(pickled.shape) !== String(shape)) {
    throw new SyntaxError(`${name} has objects that differ from its .npy header: it is damaged`);
  }
  return pickled;
}
