import { createRoute } from "@hono/zod-openapi";
import { type ModelsAnswer, modelsAnswer } from "../../api/schemas.ts";
import type { Service } from "../service.ts";
import type { App } from "./route.ts";

const route = createRoute({
  method: "get",
  path: "/api/model",
  summary: "The loaded runs, the default one first, and what a request may hold",
  responses: {
    200: {
      description: "A card for each run.",
      content: { "application/json": { schema: modelsAnswer } },
    },
  },
});

/** `GET /api/model`. */
export function addModel(app: App, { engine, fetcher, limits }: Service): void {
  app.openAPIRegistry.registerPath(route);
  app.get(route.path, () => {
    const { photos, photoBytes } = limits;
    const answer: ModelsAnswer = {
      models: [...engine.models],
      urls: fetcher !== undefined,
      limits: { photos, photoBytes },
    };
    return Response.json(answer);
  });
}
