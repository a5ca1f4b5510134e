import { z } from "@hono/zod-openapi";
import type { ModelCard } from "../engine/caption_engine.ts";

/** Photos in one request at most. */
export const MOST_PHOTOS = 64;

const fields = {
  model: z.string().optional().openapi({
    description: "name of a loaded run; default: the first",
  }),
  beam: z.coerce.number().int().min(1).max(20).optional().openapi({
    description: "captions kept at every word; 1 is greedy; default: the run's",
  }),
  lengthNormalisation: z.coerce.number().min(0).max(2).optional().openapi({
    description:
      "captions are compared by log probability / length to this power; default: the run's",
  }),
  alternatives: z.coerce.number().int().min(0).max(19).optional().openapi({
    description: "other captions of the beam to return at most; default: all",
  }),
  details: z.union([z.boolean(), z.stringbool()]).optional().openapi({
    type: "boolean",
    description: "greedy caption, nearest training captions and novelty as well",
  }),
};

/** A photo in a JSON request. */
export const photoSource = z.union([
  z.strictObject({ url: z.string().max(2048) }),
  z.strictObject({ base64: z.string().min(1), name: z.string().max(255).optional() }),
]).openapi("PhotoSource");

/** Body of `POST /api/captions` as JSON. */
export const captionsRequest = z.strictObject({
  photos: z.array(photoSource).min(1).max(MOST_PHOTOS),
  ...fields,
}).openapi("CaptionsRequest");

/** Fields of `POST /api/captions` as multipart, beside the repeated `photos`. */
export const captionsFields = z.strictObject(fields);

const probability = z.number().min(0).max(1);

const word = z.object({ word: z.string(), probability });

const steps = z.object({ reading: z.number(), features: z.number(), words: z.number() });

const details = z.object({
  greedy: z.object({
    caption: z.string(),
    logProbability: z.number(),
    words: z.array(word),
  }),
  nearest: z.array(z.object({ similarity: z.number(), captions: z.array(z.string()) })).nullable(),
  timesInTraining: z.number().int().nullable(),
  novelty: probability.nullable(),
}).openapi("PhotoDetails");

/** A captioned photo. */
export const photoCaption = z.object({
  photo: z.string().openapi({ description: "its file name, URL, or position in the request" }),
  caption: z.string(),
  logProbability: z.number(),
  words: z.array(word),
  alternatives: z.array(z.object({ caption: z.string(), logProbability: z.number() })),
  steps,
  details: details.optional(),
}).openapi("PhotoCaption");

/** A photo that has none. */
export const photoError = z.object({ photo: z.string(), error: z.string() }).openapi("PhotoError");

/** Answer of `POST /api/captions`, in the request's order. */
export const captionsAnswer = z.object({
  model: z.string(),
  captions: z.array(z.union([photoCaption, photoError])),
}).openapi("CaptionsAnswer");

/** Any failure of a request. */
export const failure = z.object({ error: z.string() }).openapi("Failure");

/** Body of `POST /api/regions`. */
export const regionsRequest = z.strictObject({
  photo: photoSource,
  words: z.array(z.string().max(100)).min(1).max(100),
  model: fields.model,
}).openapi("RegionsRequest");

/** Fields of `POST /api/regions` as multipart, beside the file `photo`; `words` is repeated. */
export const regionsFields = z.strictObject({
  words: z.union([z.string().transform((word) => [word]), z.array(z.string())])
    .pipe(z.array(z.string().max(100)).min(1).max(100)),
  model: fields.model,
});

/** Answer of `POST /api/regions`. */
export const regionsAnswer = z.object({
  kind: z.enum(["attention", "occlusion"]),
  fit: z.enum(["stretch", "crop"]).openapi({
    description: "whether the regions are those of the whole photo, or of its central square",
  }),
  rows: z.number().int(),
  columns: z.number().int(),
  words: z.array(z.object({ word: z.string(), regions: z.array(z.number()) })),
}).openapi("RegionsAnswer");

/** A one-click photo. */
export const example = z.object({
  id: z.string(),
  kind: z.enum(["photo", "drawn", "dev"]),
  title: z.string(),
  /** Where to load it from, on this server. */
  url: z.string(),
  /** Who made it and under which terms; absent for drawn ones and those of the run. */
  source: z.string().optional(),
}).openapi("Example");

/** Answer of `GET /api/examples?model=…`: photos first, then one drawn, then the run's dev photos. */
export const examplesAnswer = z.object({ examples: z.array(example) }).openapi("ExamplesAnswer");

/**
 * Body of `POST /api/preview`, whose answer is the photo as a JPEG of at most 1280 pixels a side:
 * for what a browser cannot show by itself, such as HEIC, TIFF and another host's photos.
 */
export const previewRequest = z.strictObject({ photo: photoSource }).openapi("PreviewRequest");

/** Answer of `GET /api/model`. */
export interface ModelsAnswer {
  /** The loaded runs, the default one first. */
  models: ModelCard[];
  /** Whether photos may be given by their web address (`--allow-urls`). */
  urls: boolean;
  /** What one request may hold at most. */
  limits: { photos: number; photoBytes: number };
}

/** A loaded run; see `ModelCard` of the engine for what each field means. */
const modelCard = z.looseObject({
  name: z.string(),
  description: z.string(),
  date: z.string(),
  dataset: z.string(),
  trainPhotos: z.number().int().optional(),
  encoder: z.string(),
  decoder: z.string(),
  parameters: z.number().int(),
  vocabulary: z.number().int(),
  decoding: z.object({
    beam: z.number().int(),
    lengthNormalisation: z.number(),
    maxLength: z.number().int(),
  }),
  evaluations: z.record(z.string(), z.looseObject({ scores: z.record(z.string(), z.number()) })),
  history: z.array(z.looseObject({})),
  weaknesses: z.array(z.string()),
  knowsTraining: z.boolean(),
  devPhotos: z.array(z.string()),
}).openapi("ModelCard");

/** Answer of `GET /api/model`, which {@linkcode ModelsAnswer} types. */
export const modelsAnswer = z.object({
  models: z.array(modelCard),
  urls: z.boolean(),
  limits: z.object({ photos: z.number().int(), photoBytes: z.number().int() }),
}).openapi("ModelsAnswer");

/** Events of a streamed `POST /api/captions` (`Accept: text/event-stream`), by name. */
export interface StreamEvents {
  /** A step of a photo ended. `photo` is its position in the request, here and below. */
  step: { photo: number; step: "queued" | "reading" | "features" | "words"; milliseconds: number };
  /** The next greedy word of a photo. */
  word: { photo: number; word: string; probability: number };
  /** A photo's answer or error. */
  caption: { index: number } & (z.infer<typeof photoCaption> | z.infer<typeof photoError>);
  /** All photos are answered. */
  done: Record<string, never>;
}

/** Types of the answers, which the page shares. */
export type PhotoCaption = z.infer<typeof photoCaption>;
export type PhotoError = z.infer<typeof photoError>;
export type CaptionsAnswer = z.infer<typeof captionsAnswer>;
export type RegionsAnswer = z.infer<typeof regionsAnswer>;
export type Example = z.infer<typeof example>;
export type ExamplesAnswer = z.infer<typeof examplesAnswer>;
