import { checkContent, type FileContent } from "../storage/mod.ts";
import { latin1 } from "../python/mod.ts";

/** Pickles of protocol 0 (a dict, or an object's class) and JSON that was quoted twice are texts. */
const OWN_TEXTS = /^([(}]|c[\w.]+\r?\n|\s*")/;

/** Whether a text may be a pickle of protocol 0. */
export function mayBePickle(head: Uint8Array): boolean {
  return /^([(}\]]|c[\w.]+\r?\n)/.test(latin1(head));
}

/**
 * Refuses a file that, by its first bytes, is no file of a Keras project; what else it may be is for
 * its reader to say.
 *
 * @throws {SyntaxError} that says what it is and what to do
 */
export function checkProjectFile(
  path: string,
  head: Uint8Array,
  expected: string,
  accepted: readonly FileContent["kind"][],
): void {
  const isOwn = OWN_TEXTS.test(latin1(head));
  checkContent(path, head, expected, isOwn ? [...accepted, "text"] : accepted);
}
