import { join } from "node:path";
import { z } from "zod";
import { readRecord, writeRecord } from "../../storage/mod.ts";
import { OWN_NAMES } from "./unpack_archive.ts";

/** Raised when something else is noted; 1 was a plain list without a checksum. */
const FORMAT = 2;

const schema = z.strictObject({ fetched: z.record(z.string(), z.string()) });

/** Which addresses a folder of downloads has the files of: SHA-256 of each that is there whole. */
export class DownloadNote {
  readonly #path: string;
  readonly #fetched: Map<string, string>;

  private constructor(path: string, fetched: Record<string, string>) {
    this.#path = path;
    this.#fetched = new Map(Object.entries(fetched));
  }

  /** Reads the note in a folder, if there is one. */
  static async read(folder: string): Promise<DownloadNote> {
    const path = notePath(folder);
    const remedy = "delete it; what it names is downloaded again where it is not there";
    const note = await readRecord(path, { format: FORMAT, schema, remedy });
    return new DownloadNote(path, note?.fetched ?? {});
  }

  /** The digest of what came from an address. */
  digest(url: string): string | undefined {
    return this.#fetched.get(url);
  }

  /** Notes that a file is there whole. */
  async add(url: string, sha256: string): Promise<void> {
    this.#fetched.set(url, sha256);
    await writeRecord(this.#path, FORMAT, { fetched: Object.fromEntries(this.#fetched) });
  }
}

/** Where the note of a folder is. */
export function notePath(folder: string): string {
  return join(folder, `${OWN_NAMES}downloads.json`);
}
