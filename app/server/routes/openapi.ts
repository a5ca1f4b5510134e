import type { App } from "./route.ts";

/** `GET /openapi.json`: after all other routes were added. */
export function addOpenapi(app: App): void {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Showtell",
      version: "1",
      description: "Captions of photos, by runs that Showtell trained.",
      license: { name: "MIT" },
    },
  });
  app.get("/openapi.json", () => Response.json(document));
}
