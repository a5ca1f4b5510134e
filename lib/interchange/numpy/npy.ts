import { type ByteSource, RestOfBytes } from "../byte_source.ts";
import { readPickle } from "../pickle/read_pickle.ts";
import { latin1 } from "../pickle/text.ts";
import { StoredBytes } from "../stored_bytes.ts";
import { NumpyArray } from "./array.ts";
import { type NumpyDtype, parseDtype } from "./dtype.ts";

/** What stands at the beginning of a `.npy` file. */
export interface NpyHeader {
  /** Of the elements. */
  dtype: NumpyDtype;
  /** Sides of the array. */
  shape: number[];
  /** Whether the first side varies fastest. */
  fortran: boolean;
  /** Where the elements begin. */
  at: number;
}

/** Bytes that tell how long a header is, whatever its version. */
export const npyPrefix = 12;

const magic = "\x93NUMPY";

/** Whether bytes are the beginning of a `.npy` file. */
export function isNpy(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, magic.length)) === magic;
}

/**
 * Where the elements of a `.npy` file begin.
 *
 * @param prefix its first {@linkcode npyPrefix} bytes
 * @throws {SyntaxError} if it is no `.npy` file of versions 1 to 3
 */
export function npyHeaderEnd(prefix: Uint8Array, name: string): number {
  if (!isNpy(prefix) || prefix.length < npyPrefix) {
    throw new SyntaxError(`${name} is no .npy file, or only the beginning of one`);
  }
  const version = prefix[magic.length];
  if (version < 1 || version > 3) {
    throw new SyntaxError(`${name} is a .npy file of version ${version}; 1 to 3 can be read`);
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset);
  const end = version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  if (end > 1 << 20) {
    throw new SyntaxError(`${name} claims a header of ${end} bytes: it is damaged`);
  }
  return end;
}

/**
 * The header of a `.npy` file (NumPy enhancement proposal 1).
 *
 * @param head the file's bytes up to the elements
 * @throws {SyntaxError} if it is none, or has elements of a type that is not known here
 */
export function parseNpyHeader(head: Uint8Array, name: string): NpyHeader {
  const text = latin1(head.subarray(head[magic.length] === 1 ? 10 : 12));
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\dL,\s]*)\)/.exec(text)?.[1];
  const descr = /'descr':\s*(?:'([^']*)'|(\[.*\]))/.exec(text);
  if (order === undefined || shape === undefined || descr === null) {
    throw new SyntaxError(`${name} has a damaged .npy header`);
  }
  const dtype = parseDtype(descr[1] ?? "");
  if (dtype === undefined) {
    throw new SyntaxError(
      `${name} has elements of type ${descr[1] ?? "record"}; floats, integers, texts and objects ` +
        "can be read",
    );
  }
  const sides = shape.split(",").map((side) => side.trim().replace("L", "")).filter(Boolean);
  return { dtype, shape: sides.map(Number), fortran: order === "True", at: head.length };
}

/**
 * The array of a `.npy` file; its elements stay in the file, unless they are objects.
 *
 * @throws {SyntaxError} if it is damaged or truncated, or its objects are refused
 */
export function readNpy(source: ByteSource): NumpyArray {
  const { name, size } = source;
  const prefix = source.readAt(0, Math.min(npyPrefix, size));
  const { dtype, shape, fortran, at } = parseNpyHeader(
    source.readAt(0, npyHeaderEnd(prefix, name)),
    name,
  );
  if (dtype.kind !== "O") {
    return new NumpyArray(name, dtype, shape, fortran, StoredBytes.of(source, at, size - at));
  }
  const pickled = readPickle(new RestOfBytes(source, at)); // numpy pickles the whole array
  if (!(pickled instanceof NumpyArray) || String(pickled.shape) !== String(shape)) {
    throw new SyntaxError(`${name} has other objects than its .npy header claims: it is damaged`);
  }
  return pickled;
}
