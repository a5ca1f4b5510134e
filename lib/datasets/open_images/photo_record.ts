import { join } from "node:path";
import { exists, explainWriteError } from "../../storage/mod.ts";
import { readLineBatches } from "../files/text_lines.ts";

/** A photo that is here: of what bytes, and how its file was then. */
export interface HerePhoto {
  /** SHA-256 in hexadecimal digits. */
  sha256: string;
  /** Size of the file. */
  size: number;
  /** Last modification in milliseconds since 1970. */
  modified: number;
}

/** What became of a photo. */
export type PhotoFate =
  | HerePhoto
  /** The addresses where it is not, as `describeBucket` names them. */
  | { nowhere: string }
  /** Why it did not come, after all attempts. */
  | { failed: string };

/** Name of the record in the photo folder. */
const NAME = "fetched.jsonl";

/** No entry is longer. */
const LONGEST = 1 << 16;

/** Entries that wait to be written together; a kill loses no more. */
const PENDING = 64;

/**
 * What became of each photo, kept in the photo folder as JSON lines that are only ever appended; of
 * a photo's entries the last holds. It saves reading photos again and asking again for those that
 * are nowhere; without it, or without its last lines after a kill, the photos are looked at instead.
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

  /** Reads the record of a folder, if there is one; lines that a kill cut short tell nothing. */
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

  /** What became of a photo, as far as is known. */
  get(id: string): PhotoFate | undefined {
    return this.#fates.get(id);
  }

  /** Takes a photo for one that was never asked for: its file is gone. */
  forget(id: string): void {
    this.#fates.delete(id);
  }

  /**
   * Opens the record for new entries.
   *
   * @throws {Error} naming the folder and what to do, if it must not be written
   */
  async open(): Promise<void> {
    try {
      this.#file = await Deno.open(this.#path, { append: true, create: true });
      this.#pending.push("\n"); // whatever a kill or a full disk left of a line ends here
    } catch (error) {
      throw explainWriteError(error, this.#path);
    }
  }

  /** Notes what became of a photo. */
  async set(id: string, fate: PhotoFate): Promise<void> {
    this.#fates.set(id, fate);
    this.#pending.push(JSON.stringify({ id, ...fate }) + "\n");
    if (this.#pending.length >= PENDING) await this.#write();
  }

  /** Writes what is noted and closes the file. */
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
