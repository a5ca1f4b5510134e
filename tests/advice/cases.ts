import { type Advice } from "./advice.ts";
import { CONFIG_ADVICE } from "./config_cases.ts";
import { DATASET_ADVICE } from "./dataset_cases.ts";
import { RUN_ADVICE } from "./run_cases.ts";

/** All that is tried. */
export const ADVICE: Record<string, Advice> = {
  ...CONFIG_ADVICE,
  ...DATASET_ADVICE,
  ...RUN_ADVICE,
};
