import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { openInput } from "./input_file.ts";

/** SHA-256 of bytes, or of a string's UTF-8, as 64 hexadecimal digits (FIPS 180-4). */
export function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

/** {@linkcode sha256} of bytes, computed in another thread. */
export async function sha256OffThread(data: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", data)).toString("hex");
}

/** Bytes read at a time. */
const PIECE = 1 << 18;

/**
 * Digest of a file in hexadecimal digits, read in pieces: memory does not grow with its size.
 *
 * @param buffer holds one piece; pass the same one for many files that are read one after the other
 * @throws {Deno.errors.NotFound} if the file does not exist
 * @throws {InputFileError} if it is no regular file, or cannot be read
 */
export async function digestFile(
  path: string,
  algorithm: "sha256" | "md5" = "sha256",
  buffer: Uint8Array = new Uint8Array(PIECE),
): Promise<string> {
  using file = await openInput(path);
  const hash = createHash(algorithm);
  for (let read; (read = await file.read(buffer)) !== null;) {
    hash.update(buffer.subarray(0, read));
  }
  return hash.digest("hex");
}

/**
 * SHA-256 of a file like {@linkcode digestFile}, for code that cannot wait.
 *
 * @throws {Deno.errors.NotFound} if the file does not exist
 */
export function digestFileSync(path: string): string {
  using file = Deno.openSync(path);
  const hash = createHash("sha256");
  const buffer = new Uint8Array(PIECE);
  for (let read; (read = file.readSync(buffer)) !== null;) hash.update(buffer.subarray(0, read));
  return hash.digest("hex");
}

/** SHA-256 of a JSON value; the order of keys does not matter, the order of array items does. */
export function digestJson(value: unknown): string {
  return sha256(canonicalJson(value));
}

/**
 * JSON with each object's keys sorted by UTF-16 units and without spaces; keys whose value is
 * undefined are left out, as in `JSON.stringify`.
 *
 * @throws {TypeError} if it holds something that JSON cannot express: NaN, infinity, a function, …
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
  return new TypeError(`JSON cannot express the ${typeof value} ${String(value)}`);
}
