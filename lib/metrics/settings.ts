import { z } from "zod";
import type { BootstrapSettings } from "./bootstrap.ts";
import { metrics } from "./registry.ts";

/** Settings of every metric, by its name. */
export type SettingsOfMetrics = {
  [Name in keyof typeof metrics]: z.infer<(typeof metrics)[Name]["settings"]>;
};

/** What is scored, and how; the settings of each metric stand under its name. */
export interface EvaluationSettings extends SettingsOfMetrics {
  /** The photos that are scored. @default {"test"} */
  split: "dev" | "test";
  /** Names of metrics. @default {all of them} */
  metrics: string[];
  /** How sure the scores are. */
  bootstrap: BootstrapSettings;
}

/** Evaluation settings as they are written: what is left out gets its default. */
export type EvaluationSettingsInput =
  & Partial<Pick<EvaluationSettings, "split" | "metrics">>
  & { bootstrap?: Partial<BootstrapSettings> }
  & { [Name in keyof typeof metrics]?: z.input<(typeof metrics)[Name]["settings"]> };

const names = Object.keys(metrics);

const ofMetrics = Object.fromEntries(
  Object.entries(metrics).map(([name, { settings }]) => [name, settings.prefault({})]),
) as { [Name in keyof typeof metrics]: z.ZodPrefault<(typeof metrics)[Name]["settings"]> };

/**
 * Schema of {@linkcode EvaluationSettings}: the `evaluation` part of a config.
 *
 * @internal
 */
export const evaluationSettings: z.ZodType<EvaluationSettings, EvaluationSettingsInput> = z
  .strictObject({
    split: z.enum(["dev", "test"]).default("test").describe("the photos that are scored"),
    metrics: z.array(z.enum(names)).min(1).default(names).describe(
      `what is computed: ${names.join(", ")}`,
    ),
    bootstrap: z.strictObject({
      resamples: z.int().min(0).default(1000).describe(
        "times that photos are drawn again for confidence intervals; 0: no intervals",
      ),
      confidence: z.number().gt(0).lt(1).default(0.95).describe(
        "how sure it is that a score lies within its interval",
      ),
      seed: z.int().min(0).default(1).describe("what photos are drawn from"),
    }).prefault({}).describe("confidence intervals of the scores, by the bootstrap over photos"),
    ...ofMetrics,
  });
