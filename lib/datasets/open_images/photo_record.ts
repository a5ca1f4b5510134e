import { join } from "node:path";
import { exists, explainWriteError } from "../../storage/mod.ts";
import { readLineBatches } from "../files/text_lines.ts";

/** A photo that is here: its digest, and its file's size and time at that moment. */
export interface HerePhoto {
  /** SHA-256 in hexadecimal digits. */
  sha256: string;
  /** Size of the file. */
  size: number;
  /** Last modification in milliseconds since 1970. */
  modified: number;
}

/** Fate of a photo. */
export type PhotoFate =
  | HerePhoto
  /** The addresses that do not have it, as `describeBucket` names them. */
  | { nowhere: string }
  /** Why it could not be fetched, after all attempts. */
  | { failed: string };

/** Name of the record in the photo folder. */
const NAME = "fetched.jsonl";

/** Bytes of the longest entry. */
const LONGEST = 1 << 16;

/** Entries that are written together; a killed process loses no more than these. */
const PENDING = 64;

/**
 * The fate of each photo, kept in the photo folder as JSON lines that are only ever appended; a
 * photo's last entry counts. It saves reading photos again and requesting again those that are
 * nowhere; where it or its last lines are missing, the photos are examined instead.
 */
export class PhotoRecord {
  readonly #path: string;
  readonly #fates: Map<string, PhotoFate>;
  #file?: Deno.FsFile;
  #pending: string[] = [];
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, fates: Map<string, PhotoFate>) {
    this.#path = path;
    this.#fates = fates;
  }

  /** Reads the record of a folder, if there is one; lines that a kill cut short are ignored. */
  static async read(folder: string): Promise<PhotoRecord> {
    const path = join(folder, NAME);
    const fates = new Map<string, PhotoFate>();
    if (!await exists(path)) return new PhotoRecord(path, fates);
    for await (const lines of readLineBatches(path, { longest: LONGEST })) {
      for (const { text } of lines) {
        const entry = parseEntry(text);
        if (entry !== undefined) fates.set(...entry);
      }
    }
    return new PhotoRecord(path, fates);
  }

  /** The fate of a photo, if known. */
  get(id: string): PhotoFate | undefined {
    return this.#fates.get(id);
  }

  /** Treats a photo as never requested, as its file is gone. */
  forget(id: string): void {
    this.#fates.delete(id);
  }

  /**
   * Opens the record for new entries.
   *
   * @throws {Error} naming the folder and what to do, if it is not writable
   */
  async open(): Promise<void> {
    try {
      this.#file = await Deno.open(this.#path, { append: true, create: true });
      this.#pending.push("\n"); // ends a line that a kill or a full disk cut short
    } catch (error) {
      throw explainWriteError(error, this.#path);
    }
  }

  /** Records the fate of a photo. */
  async set(id: string, fate: PhotoFate): Promise<void> {
    this.#fates.set(id, fate);
    this.#pending.push(JSON.stringify({ id, ...fate }) + "\n");
    if (this.#pending.length >= PENDING) await this.#write();
  }

  /** Writes pending entries and closes the file. */
  async close(): Promise<void> {
    try {
      await this.#write();
    } finally {
      this.#file?.close();
      this.#file = undefined;
    }
  }

  #write(): Promise<void> {
    const bytes = new TextEncoder().encode(this.#pending.join(""));
    this.#pending = [];
    return this.#writing = this.#writing.then(async () => {
      try {
        for (let at = 0; at < bytes.length;) at += await this.#file!.write(bytes.subarray(at));
      } catch (error) {
        throw explainWriteError(error, this.#path);
      }
    });
  }
}

function parseEntry(line: string): [string, PhotoFate] | undefined {
  try {
    const { id, ...fate } = JSON.parse(line);
    if (typeof id !== "string") return undefined;
    const isFate = "nowhere" in fate || "failed" in fate || typeof fate.sha256 === "string";
    return isFate ? [id, fate] : undefined;
  } catch {
    return undefined;
  }
}
