/// <reference lib="dom" />
/** An event of a `text/event-stream`. */
export interface ServerEvent {
  name: string;
  data: string;
}

/** The server-sent events of an answer, one by one. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  try {
    while (true) {
      const { done, value } = await reader.read();
      text += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const blocks = text.split(/\r?\n\r?\n/);
      text = blocks.pop()!;
      for (const block of blocks) {
        const event = parse(block);
        if (event !== undefined) yield event;
      }
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => {}); // where the reader left early
  }
}

function parse(block: string): ServerEvent | undefined {
  const fields = block.split(/\r?\n/).map((line) => /^(\w+): ?(.*)$/.exec(line));
  const all = (name: string) => fields.flatMap((field) => field?.[1] === name ? [field[2]] : []);
  const data = all("data");
  return data.length === 0
    ? undefined
    : { name: all("event")[0] ?? "message", data: data.join("\n") };
}
