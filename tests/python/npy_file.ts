import { Buffer } from "node:buffer";

/** A `.npy` file of version 1 (NumPy enhancement proposal 1). */
export function npyOf(
  descr: string,
  shape: readonly number[],
  data: Uint8Array | Float32Array | Float64Array | Float16Array,
  order: "True" | "False" = "False",
): Uint8Array {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${sides}), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + "\n";
  const prefix = Buffer.from("\x93NUMPY\x01\0\0\0", "latin1");
  prefix.writeUInt16LE(header.length, 8);
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([prefix, Buffer.from(header, "latin1"), bytes]);
}

/** A `.npy` file with a list of strings. */
export function npyOfTexts(texts: readonly string[]): Uint8Array {
  const width = Math.max(...texts.map((text) => [...text].length));
  const codes = texts.flatMap((text) =>
    Array.from({ length: width }, (_, i) => [...text][i]?.codePointAt(0) ?? 0)
  );
  return npyOf(`<U${width}`, [texts.length], new Uint8Array(Uint32Array.from(codes).buffer));
}
