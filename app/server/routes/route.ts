import { type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { failure } from "../../api/schemas.ts";

/** What a request comes with, and what is known of its answer. */
export interface RouteEnvironment {
  Bindings: {
    /** The client's address. */
    client: string;
  };
  Variables: {
    /** Settled when a streamed answer ends. */
    ended: Promise<void> | undefined;
  };
}

/** The server's routes. */
export type App = OpenAPIHono<RouteEnvironment>;

/** A request. */
export type RequestContext = Context<RouteEnvironment>;

/** A file in the API's document. */
export const FILE = z.any().openapi({ type: "string", format: "binary" });

/** Describes a failure in the API's document. */
export function failureOf(description: string) {
  return { description, content: { "application/json": { schema: failure } } };
}

/** Failures that every route for work has. */
export const WORK_FAILURES = {
  400: failureOf("The request is malformed."),
  408: failureOf("The body arrives too slowly, or the deadline passed before the turn came."),
  413: failureOf("The body, a photo or their number is over the limit."),
  415: failureOf("The body is neither JSON nor a form."),
  422: failureOf("A field is not valid, or no photo can be captioned."),
  429: failureOf("The client has its share of the queue; Retry-After says when to try again."),
  503: failureOf(
    "The queue is full, or the server shuts down; Retry-After says when to try again.",
  ),
} as const;
