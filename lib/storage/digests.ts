import { createHash } from "node:crypto";

/** SHA-256 of bytes, or of a text's UTF-8, as 64 hexadecimal digits (FIPS 180-4). */
export function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

/**
 * Digest of a file in hexadecimal digits, read in pieces: memory does not grow with its size.
 *
 * @throws {Deno.errors.NotFound} if there is no such file
 */
export async function digestFile(
  path: string,
  algorithm: "sha256" | "md5" = "sha256",
): Promise<string> {
  using file = await Deno.open(path);
  const hash = createHash(algorithm);
  const buffer = spareBuffers.pop() ?? new Uint8Array(1 << 18);
  try {
    for (let read; (read = await file.read(buffer)) !== null;) {
      hash.update(buffer.subarray(0, read));
    }
  } finally {
    spareBuffers.push(buffer);
  }
  return hash.digest("hex");
}

/** Used again: with a new one for each of 200,000 photos, hundreds of megabytes wait to be freed. */
const spareBuffers: Uint8Array[] = [];

/** SHA-256 of a JSON value; the order of keys does not matter, the order of array items does. */
export function digestJson(value: unknown): string {
  return sha256(canonicalJson(value));
}

/**
 * JSON with each object's keys sorted by UTF-16 units and without spaces; keys whose value is
 * undefined are left out, as in `JSON.stringify`.
 *
 * @throws {TypeError} if there is something that JSON does not have: NaN, infinity, a function, …
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw notJson(value);
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) {
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || !isPlain(value)) throw notJson(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(",")}}`;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function notJson(value: unknown): TypeError {
  return new TypeError(`JSON has no ${typeof value} like ${String(value)}`);
}
