import { type ModelSettings, modelSettings } from "../../models/mod.ts";

/** Settings that matter for training alone. */
const TRAINING = ["imageDropout", "wordDropout", "outputDropout", "layerDropout", "l2"];

/** Settings with the defaults of what a file of weights alone does not tell. */
export function withDefaults(settings: ModelSettings): ModelSettings {
  return modelSettings.parse(
    Object.fromEntries(Object.entries(settings).filter(([key]) => !TRAINING.includes(key))),
  );
}
