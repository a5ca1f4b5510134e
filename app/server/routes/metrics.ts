import { createRoute, z } from "@hono/zod-openapi";
import type { Service } from "../service.ts";
import type { App } from "./route.ts";

const route = createRoute({
  method: "get",
  path: "/metrics",
  summary: "Metrics in Prometheus' text format",
  responses: {
    200: {
      description: "All names begin with showtell_.",
      content: { "text/plain": { schema: z.string() } },
    },
  },
});

/** `GET /metrics`. */
export function addMetrics(app: App, { metrics: { registry } }: Service): void {
  app.openAPIRegistry.registerPath(route);
  app.get(route.path, async (c) => {
    return c.body(await registry.metrics(), 200, { "Content-Type": registry.contentType });
  });
}
