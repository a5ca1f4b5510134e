import { createRoute, z } from "@hono/zod-openapi";
import { RequestFailure } from "../../api/request_failure.ts";
import { DRAWN } from "../../api/addresses.ts";
import { type Example, examplesAnswer } from "../../api/schemas.ts";
import type { Service } from "../service.ts";
import { type App, failureOf, FILE } from "./route.ts";

/** Dev photos of a run that are listed. */
const DEV_PHOTOS = 8;

const list = createRoute({
  method: "get",
  path: "/api/examples",
  summary: "Photos to try: in the public domain, drawn, and of the runs' dev photos",
  request: {
    query: z.object({
      model: z.string().optional().openapi({
        description: "name of the run whose dev photos are listed; default: the first",
      }),
    }),
  },
  responses: {
    422: failureOf("There is no model of that name."),
    200: {
      description: "Where to load each from.",
      content: { "application/json": { schema: examplesAnswer } },
    },
  },
});

const one = createRoute({
  method: "get",
  path: "/api/examples/{id}",
  summary: "An example's file",
  request: { params: z.object({ id: z.string().openapi({ example: "dev-0-0" }) }) },
  responses: {
    200: {
      description: "The file.",
      content: {
        "image/png": { schema: FILE },
        "image/jpeg": { schema: FILE },
      },
    },
    404: failureOf("There is no example of that id."),
  },
});

const drawn = createRoute({
  method: "get",
  path: `${DRAWN}{seed}`,
  summary: "A photo drawn as those of the shapes data set are, the same for the same seed",
  request: {
    params: z.object({ seed: z.string().regex(/^\d{1,9}$/).openapi({ example: "1" }) }),
  },
  responses: {
    200: { description: "The file.", content: { "image/png": { schema: FILE } } },
    404: failureOf("The seed is not a whole number."),
  },
});

/** `GET /api/examples`, `GET /api/examples/:id` and `GET /api/examples/drawn/:seed`. */
export function addExamples(app: App, service: Service): void {
  for (const route of [list, one, drawn]) app.openAPIRegistry.registerPath(route);
  app.get(list.path, (c) => {
    const { name } = service.model(c.req.query("model"));
    return Response.json({ examples: listed(service, name) });
  });
  app.get("/api/examples/:id", async (c) => {
    const found = await find(c.req.param("id"), service);
    if (found === undefined) throw new RequestFailure(404, "There is no example of that id.");
    return photoAnswer(found.bytes, found.type);
  });
  app.get(`${DRAWN}:seed`, async (c) => {
    const seed = c.req.param("seed");
    if (!/^\d{1,9}$/.test(seed)) {
      throw new RequestFailure(404, "The seed is not a whole number of at most 9 digits.");
    }
    return photoAnswer(await service.engine.drawShapes(Number(seed)), "image/png");
  });
}

function photoAnswer(bytes: Uint8Array, type: string): Response {
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: { "Content-Type": type, "Cache-Control": "max-age=3600" },
  });
}

function listed({ engine, options }: Service, model: string): Example[] {
  const url = (id: string) => `/api/examples/${id}`;
  const photos = (options.examples ?? []).map(({ id, kind, title, source }) => ({
    ...{ id, kind, title, url: url(id) },
    ...source !== undefined && { source },
  }));
  const at = engine.models.findIndex(({ name }) => name === model);
  const dev = engine.models[at].devPhotos.slice(0, DEV_PHOTOS).map((title, i): Example => {
    const id = `dev-${at}-${i}`;
    return { id, kind: "dev", title, url: url(id) };
  });
  return [...photos, { id: "drawn", kind: "drawn", title: "drawn", url: `${DRAWN}1` }, ...dev];
}

async function find(
  id: string,
  { engine, options }: Service,
): Promise<{ bytes: Uint8Array; type: string } | undefined> {
  const photo = options.examples?.find((each) => each.id === id);
  if (photo !== undefined) return photo;
  const [, model, position] = /^dev-(\d{1,4})-(\d{1,6})$/.exec(id) ?? [];
  const card = engine.models[Number(model)];
  const name = card?.devPhotos[Number(position)];
  const bytes = name === undefined ? undefined : await engine.devPhoto(card.name, name);
  if (bytes === undefined) return undefined;
  const { fileTypeFromBuffer } = await import("file-type"); // it reads the environment
  const type = (await fileTypeFromBuffer(bytes))?.mime;
  return type?.startsWith("image/") ? { bytes, type } : undefined;
}
