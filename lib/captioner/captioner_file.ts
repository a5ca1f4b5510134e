import { z } from "zod";
import { decodingSettings } from "../decoding/mod.ts";
import { modelSettings } from "../models/mod.ts";

/** The network that photos go through first, as an export has it. */
const encoderFile = z.strictObject({
  model: z.string().min(1),
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
    weights: z.string().min(1),
    featureShape: z.array(z.int().min(1)),
    settings: modelSettings,
  }),
  tokenizer: z.string().min(1),
  decoding: decodingSettings,
  encoder: encoderFile.nullable(),
});

/**
 * What `captioner.json` of an export says: settings, and where the other files lie, as paths from
 * its folder. `encoder` is null where features come from elsewhere.
 */
export type CaptionerFile = z.infer<typeof captionerFile>;

/** The text of a `captioner.json`: equal captioners give equal bytes. */
export function captionerFileToJson(file: Omit<CaptionerFile, "format" | "version">): string {
  const whole: CaptionerFile = { format: "showtell-captioner", version: 1, ...file };
  return JSON.stringify(captionerFile.parse(whole), null, 2) + "\n";
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
    json = JSON.parse(source);
  } catch {
    throw new SyntaxError(`${name} is not JSON: export the run again`);
  }
  const { success, data, error } = captionerFile.safeParse(json);
  if (success) return data;
  const { path, message } = error.issues[0];
  throw new SyntaxError(
    `${name} is not a captioner of this version: ${path.join(".") || "the file"}: ${message}; ` +
      "export the run again",
  );
}
