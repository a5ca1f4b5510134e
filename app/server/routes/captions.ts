import { createRoute, z } from "@hono/zod-openapi";
import pLimit, { type LimitFunction } from "p-limit";
import type { ModelCard } from "../../engine/caption_engine.ts";
import { RequestFailure } from "../../api/request_failure.ts";
import {
  captionsAnswer,
  captionsFields,
  captionsRequest,
  type PhotoCaption,
  type PhotoError,
} from "../../api/schemas.ts";
import { RefusedPhotoError } from "../../photos/mod.ts";
import { DeadlineError, type Place, type QueueEvent } from "../../queue/mod.ts";
import { DEADLINE_HEADER, deadlineOf } from "../deadline.ts";
import { type Emit, eventStream } from "../event_stream.ts";
import { checked, SERVER_FAULT } from "../failures.ts";
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

/** Photos of a request that are fetched or checked at a time. */
const READ_AT_ONCE = 4;

const route = createRoute({
  method: "post",
  path: "/api/captions",
  summary: "Captions photos",
  description: "With `Accept: text/event-stream` the answer is a stream of the events `step`, " +
    "`word`, `caption` and `done`.",
  request: {
    headers: z.object({
      [DEADLINE_HEADER]: z.string().regex(/^\d{1,9}$/).optional().openapi({
        description: "milliseconds that the client is willing to wait: photos whose turn comes " +
          "later are not computed",
      }),
    }),
    body: {
      required: true,
      content: {
        "multipart/form-data": {
          schema: captionsFields.extend({ photos: z.array(FILE).min(1) }),
        },
        "application/json": { schema: captionsRequest },
      },
    },
  },
  responses: {
    200: {
      description: "A caption for each photo, in the request's order, or an error a photo.",
      content: {
        "application/json": { schema: captionsAnswer },
        "text/event-stream": { schema: z.string() },
      },
    },
    ...WORK_FAILURES,
  },
});

/** `POST /api/captions`. */
export function addCaptions(app: App, service: Service): void {
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, (c) => answer(c, service));
}

/** A request that was read. */
interface CaptionsWork {
  photos: NamedPhoto[];
  card: ModelCard;
  beam: number;
  lengthNormalisation: number;
  alternatives: number;
  details: boolean;
  deadline: number;
}

async function answer(c: RequestContext, service: Service): Promise<Response> {
  const request = c.req.raw;
  const photoWork = new PhotoWork(request, service);
  const { held, client } = photoWork;
  let streams = false;
  try {
    const deadline = deadlineOf(request, service.queue.now());
    const body = await bodyOf(request, "photos", service, held);
    const work = workOf(body, deadline, service);
    const place = service.queue.reserve(c.env.client, work.photos.length);
    photoWork.place = place;
    const batch = new PhotoBatch(work, place, service, client.signal);
    streams = (request.headers.get("Accept") ?? "").includes("text/event-stream");
    if (!streams) return Response.json(...batch.answer(await batch.captions()));
    const { promise, resolve } = Promise.withResolvers<void>();
    c.set("ended", promise);
    client.stop(); // from here on, leaving cancels the stream
    return eventStream(async (emit) => {
      try {
        await batch.captions(emit);
        emit("done", {});
      } finally {
        photoWork.finish();
        resolve();
      }
    }, client.leave);
  } finally {
    if (!streams) photoWork.finish();
  }
}

function workOf(body: Body, deadline: number, service: Service): CaptionsWork {
  const [fields, photos] = requested(body, service);
  if (photos.length === 0) {
    throw new RequestFailure(422, 'The form has no photos: send files in the field "photos".');
  }
  const card = service.model(fields.model);
  const beam = fields.beam ?? card.decoding.beam;
  return {
    photos,
    card,
    beam,
    lengthNormalisation: fields.lengthNormalisation ?? card.decoding.lengthNormalisation,
    alternatives: fields.alternatives ?? beam - 1,
    details: fields.details ?? false,
    deadline,
  };
}

function requested(
  body: Body,
  service: Service,
): [z.output<typeof captionsFields>, NamedPhoto[]] {
  if ("files" in body) {
    const photos = body.files.map((file, i) => uploadedPhoto(file, i, service));
    return [checked(captionsFields, body.fields), photos];
  }
  const { photos, ...fields } = checked(captionsRequest, body.json);
  return [fields, photos.map((source, i) => sourcePhoto(source, i, service))];
}

function sendEvent(emit: Emit, photo: number, event: QueueEvent): void {
  if (event.type === "word") {
    emit("word", { photo, word: event.word, probability: event.probability });
  } else {
    const step = event.type === "queued" ? event.type : event.step;
    emit("step", { photo, step, milliseconds: event.milliseconds });
  }
}

/** The photos of one request on their way. */
class PhotoBatch {
  #late = 0;

  constructor(
    readonly work: CaptionsWork,
    readonly place: Place,
    readonly service: Service,
    readonly signal: AbortSignal,
  ) {}

  captions(emit?: Emit): Promise<(PhotoCaption | PhotoError)[]> {
    const reading = pLimit(READ_AT_ONCE);
    return Promise.all(this.work.photos.map(async (photo, index) => {
      const outcome = { photo: photo.name, ...await this.#caption(photo, index, reading, emit) };
      emit?.("caption", { index, ...outcome });
      return outcome;
    }));
  }

  /** Body and status. */
  answer(captions: (PhotoCaption | PhotoError)[]): [unknown, { status: number }] {
    const answer = { model: this.work.card.name, captions };
    const failed = captions.filter((each): each is PhotoError => "error" in each);
    if (failed.length < captions.length) return [answer, { status: 200 }];
    const status = this.#late === captions.length ? 408 : 422;
    return [{ error: failed[0].error, ...answer }, { status }];
  }

  async #caption(
    photo: NamedPhoto,
    index: number,
    reading: LimitFunction,
    emit?: Emit,
  ): Promise<Omit<PhotoCaption, "photo"> | Omit<PhotoError, "photo">> {
    const { card, beam, lengthNormalisation, alternatives, details, deadline } = this.work;
    const { signal, service: { queue, metrics } } = this;
    try {
      const bytes = await this.#read(photo, reading);
      const outcome = await this.place.caption(
        { bytes, streams: emit !== undefined, details },
        { model: card.name, beam, lengthNormalisation },
        queue.now(),
        { signal, deadline },
        (event) => {
          if (emit !== undefined) sendEvent(emit, index, event);
        },
      );
      metrics.photos.inc({ outcome: "error" in outcome ? "failed" : "captioned" });
      if ("error" in outcome) return outcome;
      const { answer } = outcome;
      return { ...answer, alternatives: answer.alternatives.slice(0, alternatives) };
    } catch (error) {
      return { error: this.#sentence(error, emit !== undefined) };
    }
  }

  async #read(photo: NamedPhoto, reading: LimitFunction): Promise<Uint8Array> {
    try {
      return await reading(() => photo.read(this.signal));
    } catch (error) {
      if (this.signal.aborted) this.service.metrics.dropped.inc({ reason: "left" });
      throw error;
    }
  }

  /** What is told of a photo that failed; faults of the server end a request that can still fail. */
  #sentence(error: unknown, streams: boolean): string {
    if (error instanceof RefusedPhotoError) {
      this.service.metrics.photos.inc({ outcome: "refused" });
      this.place.skip();
      return error.message;
    }
    if (error instanceof DeadlineError) {
      this.#late++;
      return error.message;
    }
    if (!streams || this.signal.aborted) throw error;
    this.service.onFault(error);
    return SERVER_FAULT;
  }
}
