import { createRoute } from "@hono/zod-openapi";
import { UnreadablePhotoError } from "../../../lib/images/mod.ts";
import { regionsAnswer, regionsFields, regionsRequest } from "../../api/schemas.ts";
import { RequestFailure } from "../../api/request_failure.ts";
import { RefusedPhotoError } from "../../photos/mod.ts";
import { DeadlineError } from "../../queue/mod.ts";
import { deadlineOf } from "../deadline.ts";
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
  path: "/api/regions",
  summary: "Where a model looked for each word of a caption",
  request: {
    body: {
      required: true,
      content: {
        "application/json": { schema: regionsRequest },
        "multipart/form-data": { schema: regionsFields.extend({ photo: FILE }) },
      },
    },
  },
  responses: {
    200: {
      description: "For each word the regions of the photo, row by row.",
      content: { "application/json": { schema: regionsAnswer } },
    },
    ...WORK_FAILURES,
  },
});

/** `POST /api/regions`. */
export function addRegions(app: App, service: Service): void {
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, (c) => answer(c, service));
}

async function answer(c: RequestContext, service: Service): Promise<Response> {
  const work = new PhotoWork(c.req.raw, service);
  const { held, client: { signal } } = work;
  try {
    const deadline = deadlineOf(c.req.raw, service.queue.now());
    const body = await bodyOf(c.req.raw, "photo", service, held);
    const { photo, words, model } = requested(body, service);
    const { name } = service.model(model);
    work.place = service.queue.reserve(c.env.client, 1);
    const bytes = await photo.read(signal);
    const regions = await work.place.alone(
      () => service.engine.wordRegions(bytes, words, name, signal),
      { signal, deadline },
    );
    return Response.json(regions);
  } catch (error) {
    // Of the engine: a word that the model cannot say, a photo that cannot be decoded.
    const isRefused = error instanceof RangeError || error instanceof UnreadablePhotoError;
    if (isRefused || error instanceof RefusedPhotoError) {
      throw new RequestFailure(422, error.message);
    }
    if (error instanceof DeadlineError) throw new RequestFailure(408, error.message);
    throw error;
  } finally {
    work.finish();
  }
}

function requested(
  body: Body,
  service: Service,
): { photo: NamedPhoto; words: string[]; model?: string } {
  if ("json" in body) {
    const { photo, ...rest } = checked(regionsRequest, body.json);
    return { photo: sourcePhoto(photo, 0, service), ...rest };
  }
  const fields = checked(regionsFields, body.fields);
  if (body.files.length !== 1) {
    throw new RequestFailure(422, 'Send one file in the field "photo".');
  }
  return { photo: uploadedPhoto(body.files[0], 0, service), ...fields };
}
