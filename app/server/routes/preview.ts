import { createRoute, z } from "@hono/zod-openapi";
import { previewRequest } from "../../api/schemas.ts";
import { RequestFailure } from "../../api/request_failure.ts";
import { previewOf, RefusedPhotoError } from "../../photos/mod.ts";
import { checked } from "../failures.ts";
import {
  type Body,
  bodyOf,
  type NamedPhoto,
  sourcePhoto,
  uploadedPhoto,
} from "../photo_sources.ts";
import { PhotoWork } from "../photo_work.ts";
import type { Service } from "../service.ts";
import { type App, FILE, type RequestContext, WORK_FAILURES } from "./route.ts";

const route = createRoute({
  method: "post",
  path: "/api/preview",
  summary: "A photo as a JPEG of at most 1280 pixels a side",
  request: {
    body: {
      required: true,
      content: {
        "application/json": { schema: previewRequest },
        "multipart/form-data": { schema: z.strictObject({ photo: FILE }) },
      },
    },
  },
  responses: {
    200: { description: "The JPEG.", content: { "image/jpeg": { schema: FILE } } },
    ...WORK_FAILURES,
  },
});

/** `POST /api/preview`. */
export function addPreview(app: App, service: Service): void {
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, (c) => answer(c, service));
}

async function answer(c: RequestContext, service: Service): Promise<Response> {
  const work = new PhotoWork(c.req.raw, service);
  const { held, client: { signal } } = work;
  try {
    const photo = requested(await bodyOf(c.req.raw, "photo", service, held), service);
    const jpeg = await service.previews(async () => {
      signal.throwIfAborted();
      return await previewOf(await photo.read(signal));
    });
    return new Response(jpeg, { headers: { "Content-Type": "image/jpeg" } });
  } catch (error) {
    if (error instanceof RefusedPhotoError) throw new RequestFailure(422, error.message);
    throw error;
  } finally {
    work.finish();
  }
}

function requested(body: Body, service: Service): NamedPhoto {
  if ("json" in body) return sourcePhoto(checked(previewRequest, body.json).photo, 0, service);
  if (body.files.length !== 1 || Object.keys(body.fields).length > 0) {
    throw new RequestFailure(422, 'Send one file in the field "photo", and nothing else.');
  }
  return uploadedPhoto(body.files[0], 0, service);
}
