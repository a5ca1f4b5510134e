import { crc32 } from "node:zlib";
import type { Readable } from "node:stream";
import type { Entry, ZipFile } from "yauzl";
import { checkContent, readHead } from "./check_content.ts";

/** A file in a zip archive. */
export interface ZipMember {
  /** Its path in the archive, separated by `/`. */
  name: string;
  /** Its uncompressed size in bytes, as claimed by the archive. */
  size: number;
}

/** Bytes that any archive may unpack to, whatever its own size. */
const ALWAYS_ALLOWED = 64 * 2 ** 20;

/** Larger archives may unpack to this many times their own size: numbers do not compress better. */
const LARGEST_RATIO = 100;

/** Deflate's largest possible ratio (RFC 1951: 258 bytes from 2 bits). */
const DEFLATE_LIMIT = 1032;

/**
 * A zip archive open for reading. Its members were checked: none escapes the archive's folder, is a
 * link, shares its bytes with another, or claims more than the archive can hold.
 */
export class ZipArchive implements Disposable {
  /** The archive's path. */
  readonly path: string;
  /** Its files by name, in the archive's order, without folders. */
  readonly members: ReadonlyMap<string, ZipMember>;
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  /** Use {@linkcode openZip}. */
  constructor(path: string, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.path = path;
    this.#zip = zip;
    this.#entries = entries;
    this.members = new Map(
      Array.from(entries, ([name, { uncompressedSize }]) => [
        name,
        { name, size: uncompressedSize },
      ]),
    );
  }

  /**
   * A member's bytes in pieces; their number and checksum are verified while they are read.
   *
   * @throws {RangeError} if there is no such member
   * @throws {SyntaxError} if it is damaged, encrypted, or inflates to more than it claims
   */
  async *stream(name: string): AsyncGenerator<Uint8Array> {
    const entry = this.#entry(name);
    const size = entry.uncompressedSize;
    let count = 0;
    let sum = 0;
    try {
      const content: Readable = await this.#zip.openReadStreamPromise(entry);
      for await (const piece of content as AsyncIterable<Uint8Array>) {
        count += piece.length;
        if (count > size) {
          throw new SyntaxError(
            `${this.path} is refused as a zip bomb: its member ${name} inflates to more than the ` +
              `${size} bytes that it claims`,
          );
        }
        sum = crc32(piece, sum);
        yield piece;
      }
    } catch (error) {
      if (error instanceof SyntaxError) throw error;
      throw damaged(this.path, `member ${name}: ${(error as Error).message}`, error);
    }
    if (count < size) {
      throw damaged(this.path, `member ${name} ends after ${count} of ${size} bytes`);
    }
    if (sum !== entry.crc32) throw damaged(this.path, `member ${name} does not match its checksum`);
  }

  /**
   * All bytes of a member.
   *
   * @throws {RangeError} if there is no such member
   * @throws {SyntaxError} if it is damaged, encrypted, or inflates to more than it claims
   */
  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(this.#entry(name).uncompressedSize); // openZip() checked the claim
    let at = 0;
    for await (const piece of this.stream(name)) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#zip.close();
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return entry;
    throw new RangeError(`${this.path} has no member ${name}`);
  }
}

/**
 * Opens a zip archive (`.keras`, `.npz`) for reading and checks its claims before anything is
 * unpacked.
 *
 * It refuses members outside of the archive's folder (`..`, absolute, drive letters, backslashes),
 * links, members of the same name or with shared bytes, and an archive that would unpack to more
 * than 64 MiB and more than 100 times its size.
 *
 * ```ts ignore
 * using archive = await openZip("model.keras");
 * const config = JSON.parse(new TextDecoder().decode(await archive.read("config.json")));
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file
 * @throws {SyntaxError} if it is refused, damaged, truncated, or not a zip archive
 */
export async function openZip(path: string): Promise<ZipArchive> {
  checkContent(path, readHead(path), "a zip archive", ["zip"]);
  const { size } = Deno.statSync(path);
  const { default: yauzl } = await import("yauzl");
  let zip: ZipFile | undefined;
  try {
    zip = await yauzl.openPromise(path, {
      lazyEntries: true,
      autoClose: false,
      strictFileNames: true, // a backslash is not a separator: it is refused
      validateEntrySizes: false, // stream() counts them, with a better message
    });
    const entries = new Map<string, Entry>();
    let total = 0;
    for await (const entry of zip.eachEntry()) {
      checkMember(entry, path, entries);
      total += entry.uncompressedSize;
      if (total > Math.max(ALWAYS_ALLOWED, LARGEST_RATIO * size)) {
        throw new SyntaxError(
          `${path} is refused as a zip bomb: it has ${size} bytes and would unpack to ${total} ` +
            "or more",
        );
      }
      if (!entry.fileName.endsWith("/")) entries.set(entry.fileName, entry);
    }
    await checkOverlaps(zip, entries, path);
    return new ZipArchive(path, zip, entries);
  } catch (error) {
    zip?.close();
    throw error instanceof SyntaxError ? error : explain(error as Error, path);
  }
}

function checkMember(entry: Entry, path: string, others: ReadonlyMap<string, Entry>): void {
  const { fileName, compressionMethod, compressedSize, uncompressedSize } = entry;
  const refuse = (why: string) =>
    new SyntaxError(`${path} is refused: its member ${fileName} ${why}`);
  if (fileName.includes("\0") || fileName.split("/").includes(".")) {
    throw refuse("does not have a plain name");
  }
  if ((entry.externalFileAttributes >>> 16 & 0o170000) === 0o120000) {
    throw refuse("is a symbolic link");
  }
  if (others.has(fileName)) throw refuse("occurs twice");
  if (entry.isEncrypted()) throw refuse("is encrypted");
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    throw refuse(`is compressed by method ${compressionMethod}, neither stored nor deflated`);
  }
  if (compressionMethod === 0 && compressedSize !== uncompressedSize) {
    throw refuse(`is stored in ${compressedSize} bytes but claims ${uncompressedSize}`);
  }
  if (uncompressedSize > DEFLATE_LIMIT * (compressedSize + 1)) {
    throw new SyntaxError(
      `${path} is refused as a zip bomb: its member ${fileName} has ${compressedSize} bytes and ` +
        `claims ${uncompressedSize}`,
    );
  }
}

/** A small archive can unpack to petabytes if its members share their bytes. */
async function checkOverlaps(
  zip: ZipFile,
  entries: ReadonlyMap<string, Entry>,
  path: string,
): Promise<void> {
  const byOffset = [...entries.values()]
    .sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  let end = 0;
  let before = "";
  for (const entry of byOffset) {
    if (entry.relativeOffsetOfLocalHeader < end) {
      throw new SyntaxError(
        `${path} is refused as a zip bomb: its members ${before} and ${entry.fileName} share bytes`,
      );
    }
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    end = fileDataStart + entry.compressedSize;
    before = entry.fileName;
  }
}

function explain(error: Error, path: string): Error {
  const escape = /^(absolute path|invalid relative path|invalid characters in fileName): ([^]*)$/
    .exec(error.message);
  if (escape !== null) {
    return new SyntaxError(
      `${path} is refused: its member ${escape[2]} would lie outside of the archive's folder`,
    );
  }
  if (error.message.startsWith("End of central directory record signature not found")) {
    return damaged(path, "its directory, which belongs at the end, is missing", error);
  }
  return damaged(path, error.message, error);
}

function damaged(path: string, what: string, cause?: unknown): SyntaxError {
  return new SyntaxError(`${path} is not a complete zip archive (${what}): get the file again`, {
    cause,
  });
}
