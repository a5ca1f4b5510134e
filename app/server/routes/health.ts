import { createRoute, z } from "@hono/zod-openapi";
import { RequestFailure } from "../../api/request_failure.ts";
import type { Service } from "../service.ts";
import { type App, failureOf } from "./route.ts";

const ok = {
  description: "Yes.",
  content: { "text/plain": { schema: z.string().openapi({ example: "ok" }) } },
};

const live = createRoute({
  method: "get",
  path: "/livez",
  summary: "Whether the server runs",
  responses: { 200: ok },
});

const ready = createRoute({
  method: "get",
  path: "/readyz",
  summary: "Whether the server takes new work",
  responses: { 200: ok, 503: failureOf("It is shutting down.") },
});

/** `GET /livez` and `GET /readyz`. */
export function addHealth(app: App, service: Service): void {
  app.openAPIRegistry.registerPath(live);
  app.get(live.path, (c) => c.text("ok"));
  app.openAPIRegistry.registerPath(ready);
  app.get(ready.path, (c) => {
    if (service.isDraining) throw new RequestFailure(503, "The server is shutting down.", 5);
    return c.text("ok");
  });
}
