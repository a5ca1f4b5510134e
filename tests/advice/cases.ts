import { type Advice } from "./advice.ts";
import { CONFIG_ADVICE } from "./config_cases.ts";
import { DATASET_ADVICE } from "./dataset_cases.ts";
import { KIND_ADVICE } from "./kind_cases.ts";
import { READER_ADVICE } from "./reader_cases.ts";
import { RUN_ADVICE } from "./run_cases.ts";
import { STATE_ADVICE } from "./state_cases.ts";
import { TABLE_ADVICE } from "./table_cases.ts";

/**
 * All that is tried.
 *
 * Not tried is what no test can do: free some space, wait for another process or stop it, update a
 * driver, reach a network, get a file again from where it came from, save it anew in Keras or Python.
 * The files from elsewhere that lead to that advice are in the tests of their readers.
 */
export const ADVICE: Record<string, Advice> = {
  ...CONFIG_ADVICE,
  ...DATASET_ADVICE,
  ...KIND_ADVICE,
  ...READER_ADVICE,
  ...RUN_ADVICE,
  ...STATE_ADVICE,
  ...TABLE_ADVICE,
};
