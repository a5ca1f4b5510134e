import { z } from "zod";
import { datasetSettings } from "../datasets/mod.ts";
import { decodingSettings } from "../decoding/mod.ts";
import { evaluationSettings } from "../metrics/mod.ts";
import { modelSettings } from "../models/mod.ts";
import { textSettings } from "../text/mod.ts";
import { trainingSettings } from "../training/mod.ts";
import { configEncoderSettings } from "./encoder_settings.ts";

/**
 * An experiment: every room's settings in one object.
 *
 * @internal
 */
export const configSchema = z.strictObject({
  name: z.string()
    .regex(
      /^[A-Za-z0-9][\w.-]{0,99}$/,
      "it must be 1 to 100 letters, digits, _ - . and begin with a letter or a digit",
    )
    .describe("names the run's folder"),
  description: z.string().default("").describe("what the experiment is for"),
  dataset: datasetSettings,
  encoder: configEncoderSettings,
  text: textSettings.prefault({}),
  model: modelSettings.prefault({ kind: "merge" }),
  training: trainingSettings.prefault({}),
  decoding: decodingSettings.prefault({}),
  evaluation: evaluationSettings.prefault({}),
}).superRefine(({ model, decoding }, context) => {
  if (model.kind !== "transformer" || decoding.maxLength <= model.maxWords) return;
  const isDefault = decoding.maxLength === decodingSettings.parse({}).maxLength;
  context.addIssue({
    code: "custom",
    path: isDefault ? ["model", "maxWords"] : ["decoding", "maxLength"],
    message:
      `the transformer makes captions of model.maxWords (${model.maxWords}) words at most, ` +
      `but decoding.maxLength is ${decoding.maxLength}: set one to the other`,
  });
});

/** An experiment with every default filled in. */
export type Config = z.infer<typeof configSchema>;
