import { z } from "zod";
import { type DecodingSettings, decodingSettings } from "../decoding/mod.ts";
import type { Preprocessing } from "../encoders/browser.ts";
import { type ModelSettings, modelSettings } from "../models/mod.ts";
import { parseJson, schemaProblem } from "../text/mod.ts";
import type { ResizeSettings } from "./resize_pixels.ts";

/** The network that photos go through first, as an export has it. */
export interface EncoderFile extends ResizeSettings {
  /** Path of its TF.js layers model. */
  model: string;
  /** Which network, e.g. `vgg16`. */
  kind: string;
  /** Keras' name of the layer whose output is the feature. */
  layer: string;
  /** Names all that decides a feature's value. */
  key: string;
  /** How bytes become the network's numbers. */
  preprocessing: Preprocessing;
}

/** `captioner.json` of an export: settings, and paths of the other files from its folder. */
export interface CaptionerFile {
  /** The decoder. */
  decoder: {
    /** Path of its weights, as safetensors. */
    weights: string;
    /** Shape of one photo's feature. */
    featureShape: number[];
    /** What it is. */
    settings: ModelSettings;
  };
  /** Path of its words, in this project's layout. */
  tokenizer: string;
  /** How captions are decoded by default. */
  decoding: DecodingSettings;
  /** Null where features come from elsewhere. */
  encoder: EncoderFile | null;
}

/** An export is no way to another file, nor to another server. */
const pathInside = z.string().regex(
  /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[^\\:\0]+$/,
  "is not the path of a file in the export's folder",
);

const encoderFile = z.strictObject({
  model: pathInside,
  kind: z.string().min(1),
  layer: z.string().min(1),
  key: z.string().min(1),
  imageSize: z.int().min(1),
  fit: z.enum(["stretch", "crop"]),
  kernel: z.enum(["nearest", "bilinear", "bicubic", "lanczos"]),
  preprocessing: z.strictObject({
    name: z.string(),
    order: z.tuple([z.int(), z.int(), z.int()]),
    divisor: z.number(),
    shift: z.tuple([z.number(), z.number(), z.number()]),
  }),
});

const captionerFile = z.strictObject({
  format: z.literal("showtell-captioner"),
  version: z.literal(1),
  decoder: z.strictObject({
    weights: pathInside,
    featureShape: z.array(z.int().min(1)),
    settings: modelSettings,
  }),
  tokenizer: pathInside,
  decoding: decodingSettings,
  encoder: encoderFile.nullable(),
});

/** The text of a `captioner.json`: equal captioners give equal bytes. */
export function captionerFileToJson(file: CaptionerFile): string {
  const whole = { format: "showtell-captioner", version: 1, ...file };
  return JSON.stringify(captionerFile.parse(whole), null, 2) + "\n"; // in the schema's order
}

/**
 * Reads what {@linkcode captionerFileToJson} wrote.
 *
 * @param name what to call the file in messages
 * @throws {SyntaxError} if the text is not a captioner of a known version
 */
export function captionerFileFromJson(source: string, name: string): CaptionerFile {
  let json: unknown;
  try {
    json = parseJson(source);
  } catch {
    throw new SyntaxError(`${name} is not JSON: export the run again`);
  }
  const { success, data, error } = captionerFile.safeParse(json);
  if (success) {
    const { format: _, version: __, ...file } = data;
    return file;
  }
  throw new SyntaxError(
    `${name} is not a captioner of this version: ${
      schemaProblem(error.issues[0])
    }; export the run ` +
      "again",
  );
}
