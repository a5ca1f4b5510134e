import type { StreamEvents } from "../api/schemas.ts";

/** Sends an event of a streamed answer. */
export type Emit = <N extends keyof StreamEvents>(name: N, data: StreamEvents[N]) => void;

/**
 * An answer of server-sent events (HTML standard, 9.2).
 *
 * @param produce sends the events; the stream ends with it
 * @param onLeave called when the client leaves
 */
export function eventStream(produce: (emit: Emit) => Promise<void>, onLeave: () => void): Response {
  const encoder = new TextEncoder();
  let hasLeft = false;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const emit: Emit = (name, data) => {
        if (hasLeft) return;
        controller.enqueue(encoder.encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
      };
      // Not waited for: a stream cannot be cancelled before its start has ended.
      produce(emit).catch(() => {}).finally(() => hasLeft || controller.close());
    },
    cancel() {
      hasLeft = true;
      onLeave();
    },
  });
  return new Response(body, {
    headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-store" },
  });
}
