import { bleu } from "./bleu.ts";

/** Every metric by its name, which is also the key of its settings under `evaluation`. */
export const metrics = {
  bleu,
};
