import type { ZodType } from "zod";
import { parseJson, schemaProblem } from "../text/mod.ts";
import { DamagedFileError } from "./damaged_file_error.ts";
import { digestJson } from "./digests.ts";
import { isNotFound } from "./not_found.ts";
import { OtherVersionError } from "./other_version_error.ts";
import { writeFileWhole } from "./write_file_whole.ts";

/** What {@linkcode readRecord} expects of a file. */
export interface RecordFile<T> {
  /** Version of the record's layout, its key `format`. */
  format: number;
  /** Its other keys. */
  schema: ZodType<T>;
  /** What to do where it is damaged, as the end of a sentence. */
  remedy: string;
  /** What to do where another version wrote it. @default {as `remedy`} */
  otherVersion?: string;
}

/**
 * Writes a record whole: a JSON object with the version of its layout and, last, the SHA-256 of all
 * its other keys, so that {@linkcode readRecord} notices any change.
 *
 * @param value has no keys `format` and `sha256` of its own
 */
export async function writeRecord<T extends object>(
  path: string,
  format: number,
  value: T & { format?: never; sha256?: never },
): Promise<void> {
  const record = JSON.parse(JSON.stringify({ format, ...value }));
  const sha256 = digestJson(record);
  await writeFileWhole(path, JSON.stringify({ ...record, sha256 }, null, 2) + "\n");
}

/**
 * Reads what {@linkcode writeRecord} wrote.
 *
 * @returns undefined if there is no such file
 * @throws {DamagedFileError} if it is not as it was written
 * @throws {OtherVersionError} if another version of the program wrote it
 */
export async function readRecord<T>(
  path: string,
  { format, schema, remedy, otherVersion = remedy }: RecordFile<T>,
): Promise<T | undefined> {
  const damaged = (damage: string, cause?: unknown) =>
    new DamagedFileError(path, damage, remedy, { cause });
  let json: unknown;
  try {
    json = parseJson(await Deno.readTextFile(path));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    if (error instanceof SyntaxError) throw damaged("it is not JSON", error);
    throw damaged(whyUnreadable(error), error);
  }
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw damaged("it holds no JSON object");
  }
  const { sha256, ...record } = json as Record<string, unknown>;
  const { format: found, ...value } = record;
  if (sha256 !== undefined && sha256 !== digestJson(record)) throw damaged("it was altered");
  if (found !== format && typeof (found ?? 0) === "number") {
    throw new OtherVersionError(path, Number(found ?? 0), format, otherVersion);
  }
  if (sha256 === undefined) throw damaged("it has no checksum");
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw damaged(schemaProblem(parsed.error.issues[0], "it"));
}

/** Why a file that is there cannot be read, as part of a sentence. */
export function whyUnreadable(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (code === "EISDIR") return "a folder has its name";
  if (error instanceof Deno.errors.PermissionDenied || code === "EACCES") {
    return "this user may not read it";
  }
  if (code === "EIO") return "the disk cannot read it";
  return `it cannot be read: ${message}`;
}
