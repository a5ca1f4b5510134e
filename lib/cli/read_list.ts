/**
 * The names that a program lists on a stream: one a line, or ended by NUL, as `find -print0` writes
 * names that may hold line ends. Empty ones are left out.
 */
export async function readList(stream: ReadableStream<Uint8Array>): Promise<string[]> {
  const text = await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).text();
  const names = text.includes("\0") ? text.split("\0") : text.split(/\r?\n/);
  return names.filter((name) => name !== "");
}
