import { bleu } from "./bleu.ts";
import { ciderD } from "./cider_d.ts";
import { rougeL } from "./rouge_l.ts";

/**
 * Every metric by its name, which is also the key of its settings under `evaluation`. A new metric is
 * one file and a line here.
 */
export const metrics = {
  bleu,
  "rouge-l": rougeL,
  "cider-d": ciderD,
};
