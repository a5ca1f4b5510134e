import { recogniseContent } from "../../lib/storage/mod.ts";
import { RefusedPhotoError } from "./refused_photo_error.ts";

/** Kinds of photos, by the extension that file-type gives them. */
const KINDS: ReadonlySet<string> = new Set([
  ...["jpg", "png", "apng", "webp", "avif", "gif", "tif", "heic"],
]);

const TAKEN = "send a JPEG, PNG, WebP, AVIF, GIF, TIFF or HEIC";

/**
 * Kind of a photo by its content; names and types that the client gives do not count.
 *
 * @returns such as `jpg` or `heic`
 * @throws {RefusedPhotoError} that names what it is instead
 */
export async function photoKind(bytes: Uint8Array): Promise<string> {
  if (bytes.length === 0) throw new RefusedPhotoError("The file is empty.");
  const { fileTypeFromBuffer } = await import("file-type"); // it reads the environment
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  if (found !== undefined && KINDS.has(found.ext)) {
    return found.ext === "heic" && hasBrand(bytes, "avif") ? "avif" : found.ext;
  }
  throw new RefusedPhotoError(`It is not a photo but ${whatIs(bytes, found?.mime)}: ${TAKEN}.`);
}

/** Whether the container of HEIC and AVIF (ISO/IEC 14496-12, ftyp) names this brand. */
function hasBrand(bytes: Uint8Array, brand: string): boolean {
  return latin1(bytes.subarray(8, 64)).includes(brand);
}

function whatIs(bytes: Uint8Array, type: string | undefined): string {
  const head = latin1(bytes.subarray(0, 4096));
  if (/<svg[\s>]/i.test(head)) return "an SVG drawing";
  if (/<!doctype html|<html[\s>]/i.test(head)) return "a web page (HTML)";
  const content = recogniseContent(bytes);
  if (content !== undefined && content.kind !== "photo") return content.what;
  return type === undefined ? "something else" : `a file of type ${type}`;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
