import { RequestFailure } from "../api/request_failure.ts";
import type { HeldAccount } from "./held_bytes.ts";
import { megabytes, type PhotoLimits } from "./limits.ts";

/**
 * The pieces of a request's body as they arrive. Refuses a body that says or turns out to be too
 * large before it is read to its end, and one that arrives too slowly.
 *
 * @throws {RequestFailure} 408, 413, 503, or 400 where the client ends it early
 */
export async function* readBody(
  request: Request,
  limits: PhotoLimits,
  held: HeldAccount,
): AsyncGenerator<Uint8Array> {
  const tooLarge = () =>
    new RequestFailure(413, `The body is larger than ${megabytes(limits.bodyBytes)}.`);
  if (Number(request.headers.get("Content-Length") ?? 0) > limits.bodyBytes) throw tooLarge();
  if (request.body === null) return;
  const reader = request.body.getReader();
  const deadline = performance.now() + limits.bodyMilliseconds;
  let bytes = 0;
  try {
    while (true) {
      const patience = Math.min(limits.pieceMilliseconds, deadline - performance.now());
      const piece = await within(reader.read(), patience);
      if (piece.done) return;
      bytes += piece.value.length;
      if (bytes > limits.bodyBytes) throw tooLarge();
      held.add(piece.value.length);
      yield piece.value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function within<T>(read: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const failure = new RequestFailure(408, "The body arrives too slowly.");
    timer = setTimeout(() => reject(failure), Math.max(0, milliseconds));
  });
  const ended = read.catch(() => {
    throw new RequestFailure(400, "The body ended early.");
  });
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A whole body as text, within the same limits. */
export async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const parts: string[] = [];
  try {
    for await (const piece of body) parts.push(decoder.decode(piece, { stream: true }));
    return parts.join("") + decoder.decode();
  } catch (error) {
    if (error instanceof RequestFailure) throw error;
    throw new RequestFailure(400, "The body is not UTF-8.");
  }
}
