/// <reference lib="dom" />
import type { StreamEvents } from "../../api/schemas.ts";
import { readEvents } from "./read_events.ts";

/** How captions are searched for; what is null is left to the run. */
export interface Search {
  model: string;
  beam: number | null;
  lengthNormalisation: number | null;
}

/** An event of the answer by name. */
export type CaptionEvent = {
  [Name in keyof StreamEvents]: { name: Name; data: StreamEvents[Name] };
}[keyof StreamEvents];

/** The server takes no more requests now. */
export class BusyError extends Error {
  /** Seconds to wait before the next try. */
  readonly seconds: number;

  /** @param seconds to wait */
  constructor(seconds: number) {
    super("the server is busy");
    this.seconds = seconds;
  }
}

/** The server's own sentence on why there is no answer. */
export class RefusedError extends Error {
  /** The HTTP status. */
  readonly status: number;

  /** @param sentence the server's; empty where it gave none */
  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

/**
 * Asks for a photo's caption, and follows how it is made.
 *
 * @throws {BusyError} with 429 and 503
 * @throws {RefusedError} with any other failure
 * @throws {TypeError} if the server does not answer
 */
export async function* askCaption(
  source: Blob | string,
  name: string,
  search: Search,
  signal: AbortSignal,
): AsyncGenerator<CaptionEvent> {
  const fields = Object.entries({ ...search, details: true }).filter(([, value]) => value !== null);
  const response = await fetch("/api/captions", {
    method: "POST",
    signal,
    headers: {
      Accept: "text/event-stream",
      ...(typeof source === "string" ? { "Content-Type": "application/json" } : {}),
    },
    body: typeof source === "string"
      ? JSON.stringify({ photos: [{ url: source }], ...Object.fromEntries(fields) })
      : form(source, name, fields),
  });
  await check(response);
  for await (const { name, data } of readEvents(response.body!)) {
    yield { name, data: JSON.parse(data) } as CaptionEvent;
  }
}

function form(photo: Blob, name: string, fields: [string, unknown][]): FormData {
  const body = new FormData();
  for (const [key, value] of fields) body.append(key, String(value));
  body.append("photos", photo, name);
  return body;
}

/**
 * Nothing if the answer is a success.
 *
 * @throws {BusyError} with 429 and 503
 * @throws {RefusedError} with any other failure
 */
export async function check(response: Response): Promise<void> {
  if (response.ok) return;
  if (response.status === 429 || response.status === 503) {
    const seconds = Number(response.headers.get("Retry-After") ?? 1);
    throw new BusyError(seconds > 0 ? Math.min(seconds, 60) : 1);
  }
  const answer = await response.json().catch(() => ({}));
  const sentence = typeof answer.error === "string" ? answer.error : "";
  throw new RefusedError(response.status, sentence);
}
