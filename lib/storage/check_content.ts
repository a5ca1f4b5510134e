import { openInputSync } from "./input_file.ts";
import { CONTENT_HEAD, type FileContent, recogniseContent } from "./file_content.ts";

/**
 * Refuses a file that, by its first bytes, is something else than what its reader takes: a web page
 * saved under the file's name, a Git LFS pointer, an archive. Bytes that tell nothing are accepted.
 *
 * @param head its first {@linkcode CONTENT_HEAD} bytes
 * @param expected what its reader takes, such as "an HDF5 file"
 * @param accepted the kinds that this may be
 * @throws {SyntaxError} that says what it is and what to do
 */
export function checkContent(
  path: string,
  head: Uint8Array,
  expected: string,
  accepted: readonly FileContent["kind"][],
): void {
  const found = recogniseContent(head);
  if (found === undefined || accepted.includes(found.kind)) return;
  throw new SyntaxError(`${path} is not ${expected} but ${found.what}: ${found.remedy}`);
}

/**
 * The first bytes of a file, enough for {@linkcode checkContent}.
 *
 * @throws {Deno.errors.NotFound} if there is no such file
 * @throws {InputFileError} if it is no regular file, or cannot be read
 */
export function readHead(path: string): Uint8Array {
  using file = openInputSync(path);
  const head = new Uint8Array(CONTENT_HEAD);
  let length = 0;
  for (let read; (read = file.readSync(head.subarray(length))) !== null && read > 0;) {
    length += read;
  }
  return head.subarray(0, length);
}
