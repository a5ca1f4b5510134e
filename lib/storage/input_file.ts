import { decodeUtf8, shorten } from "../text/mod.ts";
import { showBytes } from "./show_bytes.ts";

/** A file from outside cannot be read at all: it is a folder, a device, too large, … */
export class InputFileError extends SyntaxError {
  /** The name of this class. */
  override name = "InputFileError";
  /** Why, as the end of a sentence that begins with the file. */
  readonly reason: string;
  /** The operating system's code for it, such as `EISDIR`, where it has one. */
  readonly code?: string;

  /**
   * Says why a file cannot be read, and what to do.
   *
   * @param reason such as `is a folder`
   * @param remedy such as `name a file`
   */
  constructor(path: string, reason: string, remedy: string, options?: ErrorOptions) {
    super(`${path} ${reason}: ${remedy}`, options);
    this.reason = reason;
    this.code = (options?.cause as { code?: string } | undefined)?.code;
  }
}

/** Bytes of the largest text: V8 holds no longer one, and no text of UTF-8 has more characters than bytes. */
export const LARGEST_TEXT = 2 ** 29 - 24;

/**
 * Opens a file from outside for reading. A pipe would keep its reader waiting, and a device may never
 * end: only regular files are opened.
 *
 * @throws {Deno.errors.NotFound} naming it, if there is no such file
 * @throws {InputFileError} if it is no regular file, or cannot be read
 */
export async function openInput(path: string): Promise<Deno.FsFile> {
  try {
    checkRegular(path, await Deno.stat(path));
    return await Deno.open(path);
  } catch (error) {
    throw explainReadError(error, path);
  }
}

/** Like {@linkcode openInput}, where nothing else can be done meanwhile. */
export function openInputSync(path: string): Deno.FsFile {
  try {
    checkRegular(path, Deno.statSync(path));
    return Deno.openSync(path);
  } catch (error) {
    throw explainReadError(error, path);
  }
}

/**
 * A whole file from outside.
 *
 * @param largest bytes that it may have. @default {2_147_483_648}
 * @throws {Deno.errors.NotFound} naming it, if there is no such file
 * @throws {InputFileError} if it is no regular file, too large, or cannot be read
 */
export async function readInput(
  path: string,
  largest: number = 2 ** 31,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const info = await Deno.stat(path);
    checkRegular(path, info);
    if (info.size > largest) {
      throw new InputFileError(
        path,
        `has ${showBytes(info.size)}, more than the ${showBytes(largest)} that can be read at once`,
        "give a smaller file",
      );
    }
    return await Deno.readFile(path);
  } catch (error) {
    throw explainReadError(error, path);
  }
}

/**
 * A whole file of UTF-8 text from outside.
 *
 * @param largest bytes that it may have. @default {the longest text that JavaScript can hold}
 * @throws {Deno.errors.NotFound} naming it, if there is no such file
 * @throws {InputFileError} if it is no regular file, too large, or cannot be read
 * @throws {SyntaxError} naming the line, if it is not UTF-8
 */
export async function readInputText(path: string, largest: number = LARGEST_TEXT): Promise<string> {
  return decodeUtf8(await readInput(path, Math.min(largest, LARGEST_TEXT)), path);
}

function checkRegular(path: string, { isFile, isDirectory }: Deno.FileInfo): void {
  if (isFile) return;
  throw isDirectory
    ? new InputFileError(path, ...REASONS.EISDIR, { cause: { code: "EISDIR" } })
    : new InputFileError(
      path,
      "is a pipe or a device, not a file",
      "write its content into a file and give that",
    );
}

/** Characters of a path in a message, which a file may have made up. */
const LONGEST_PATH = 300;

/** The reason of the operating system by its code, and what to do. */
const REASONS: Record<string, [reason: string, remedy: string]> = {
  EISDIR: ["is a folder, not a file", "name a file, or put it there"],
  EACCES: ["may not be read by this user", "change its permissions"],
  EPERM: ["may not be read by this user", "change its permissions"],
  EIO: ["cannot be read from its disk", "copy it again from where it is whole"],
  ELOOP: ["is a link that leads back to itself", "put the file itself there"],
  ENAMETOOLONG: ["has too long a name", "name a file that is there"],
};

/**
 * An error of opening or reading a file as a sentence that names it; other errors, and those that are
 * sentences already, as they are.
 */
export function explainReadError(error: unknown, path: string): unknown {
  if (error instanceof InputFileError) return error;
  if (error instanceof Deno.errors.NotCapable) {
    return new InputFileError(
      path,
      "is not among the files that Deno may read",
      "run the program through its task, or add --allow-read",
      { cause: error },
    );
  }
  const { code } = error as { code?: string };
  if (code === "ENOENT" || code === "ENOTDIR" || error instanceof Deno.errors.NotFound) {
    return new Deno.errors.NotFound(
      `There is no file ${shorten(path, LONGEST_PATH)}: put it there, or name another`,
      {
        cause: error,
      },
    );
  }
  const found = code === undefined ? undefined : REASONS[code];
  if (found === undefined) return error;
  return new InputFileError(shorten(path, LONGEST_PATH), ...found, { cause: error });
}
