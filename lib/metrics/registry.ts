import { bleu } from "./bleu.ts";
import type { Metric } from "./metric.ts";

/** Every metric by the name it has in a config. */
export const metrics: Readonly<Record<string, Metric>> = {
  bleu,
};
