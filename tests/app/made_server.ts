import { type CaptionServer, createServer, type ServerOptions } from "../../app/server/mod.ts";
import { MadeEngine, TINY_PNG } from "./made_engine.ts";

/** A server around a made engine, without a network. */
export function madeServer(
  options: Partial<ServerOptions> = {},
): { server: CaptionServer; engine: MadeEngine } {
  const engine = (options.engine as MadeEngine | undefined) ?? new MadeEngine();
  return { server: createServer({ engine, ...options }), engine };
}

/** A request for captions of uploaded photos. */
export function formRequest(
  photos: readonly (Uint8Array<ArrayBuffer> | [Uint8Array<ArrayBuffer>, string])[],
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Request {
  const form = new FormData();
  for (const photo of photos) {
    const [bytes, name] = photo instanceof Uint8Array ? [photo, "photo.png"] : photo;
    form.append("photos", new Blob([bytes]), name);
  }
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return new Request(CAPTIONS, { method: "POST", body: form, headers, signal });
}

/** A request for captions as JSON; a string is the body as it stands. */
export function jsonRequest(body: unknown, headers: Record<string, string> = {}): Request {
  return new Request(CAPTIONS, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  });
}

/** Where captions are asked for. */
export const CAPTIONS = "http://localhost/api/captions";

/** A PNG by its base64. */
export const TINY_BASE64 = TINY_PNG.toBase64();

/** Server-sent events, parsed. */
// deno-lint-ignore no-explicit-any
export async function eventsOf(answer: Response): Promise<{ event: string; data: any }[]> {
  const text = await answer.text();
  return text.split("\n\n").filter(Boolean).map((block) => {
    const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block)!;
    return { event, data: JSON.parse(data) };
  });
}

/** A gate that what waits at it passes once it is opened. */
export function gate(): { wait: () => Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { wait: () => promise, open: resolve };
}

/** Waits until a condition holds, however long that takes. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}
