import type { z } from "@hono/zod-openapi";
import { RequestFailure } from "../api/request_failure.ts";

/** What is told of a fault within the server. */
export const SERVER_FAULT = "The server failed: its log says why.";

/** A failure as JSON: one sentence. */
export function failureAnswer({ status, message, retryAfter }: RequestFailure): Response {
  const headers = new Headers();
  if (retryAfter !== undefined) headers.set("Retry-After", String(retryAfter));
  // The rest of a body that was refused is not waited for.
  if ([408, 413].includes(status)) headers.set("Connection", "close");
  return Response.json({ error: message }, { status, headers });
}

/**
 * A value that fits the schema.
 *
 * @throws {RequestFailure} 422 with where it does not, and why
 */
export function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  const where = path.length === 0 ? "The request" : `"${path.join(".").slice(0, 200)}"`;
  throw new RequestFailure(422, `${where} is not valid: ${message.slice(0, 300)}.`);
}
