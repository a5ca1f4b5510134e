import { Buffer } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import { safetensorsPieces, type TensorToWrite } from "../safetensors/mod.ts";

/** What stands for the digest while it is computed. */
const BLANK = "0".repeat(64);

/** Bytes read at a time. */
const PIECE = 1 << 18;

/**
 * The bytes of a safetensors file whose metadata holds, as `sha256`, the digest of the whole file with
 * zeros in its place: any change of the file is noticed by {@linkcode isSealed}.
 */
export function sealedPieces(
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata: Record<string, string>,
): Iterable<Uint8Array> {
  const hash = createHash("sha256");
  for (const piece of safetensorsPieces(tensors, { ...metadata, sha256: BLANK })) {
    hash.update(piece);
  }
  return safetensorsPieces(tensors, { ...metadata, sha256: hash.digest("hex") });
}

/**
 * Whether a file that {@linkcode sealedPieces} made is as it was written; it is read in pieces.
 *
 * @param sha256 as its metadata has it
 */
export function isSealed(path: string, sha256: string | undefined): boolean {
  if (sha256?.length !== BLANK.length) return false;
  using file = Deno.openSync(path);
  const hash = createHash("sha256");
  const length = Buffer.alloc(8);
  readAll(file, length);
  hash.update(length);
  const header = Buffer.alloc(Number(length.readBigUint64LE()));
  readAll(file, header);
  // Quotes within a text are escaped: only the key itself is written like this.
  const at = header.lastIndexOf(`"sha256":"${sha256}"`);
  if (at < 0) return false;
  header.write(BLANK, at + '"sha256":"'.length);
  hash.update(header);
  updateWithRest(hash, file);
  return hash.digest("hex") === sha256;
}

function readAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    const read = file.readSync(bytes.subarray(at));
    if (read === null) return; // shorter than announced: the digest is another
    at += read;
  }
}

function updateWithRest(hash: Hash, file: Deno.FsFile): void {
  const piece = new Uint8Array(PIECE);
  for (let read; (read = file.readSync(piece)) !== null;) hash.update(piece.subarray(0, read));
}
