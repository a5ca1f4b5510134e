/** Bytes of the longest list; as many as a million photos' names take. */
const LONGEST = 1 << 28;

/**
 * The names that a program lists on a stream: one a line, or ended by NUL, as `find -print0` writes
 * names that may hold line ends. Empty ones are left out.
 *
 * @param longest bytes that it may have. @default {268435456}
 * @throws {RangeError} if it has more, as a stream without an end has
 */
export async function readList(
  stream: ReadableStream<Uint8Array>,
  longest: number = LONGEST,
): Promise<string[]> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > longest) {
      throw new RangeError(
        `The list on standard input is longer than ${
          longest / 2 ** 20
        } MiB: list fewer names, or ` +
          "name their folder",
      );
    }
    text += decoder.decode(piece, { stream: true });
  }
  text += decoder.decode();
  const names = text.includes("\0") ? text.split("\0") : text.split(/\r?\n/);
  return names.filter((name) => name !== "");
}
