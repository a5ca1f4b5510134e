import type { Config } from "../config/mod.ts";
import { inspectArithmetic, inspectEngine } from "../engine/mod.ts";
import { arithmeticCheck } from "./arithmetic_check.ts";
import { browserCheck } from "./browser_check.ts";
import type { Check } from "./check.ts";
import { configChecks } from "./config_checks.ts";
import { dataCheck } from "./data_check.ts";
import { engineChecks } from "./engine_checks.ts";
import { notebookChecks } from "./notebook_checks.ts";
import { weightChecks } from "./weight_checks.ts";

/** Checks that are of use for one thing. */
export interface CheckGroup {
  /** What they are of use for. */
  group: string;
  /** In the order in which they matter. */
  checks: Check[];
}

/** Checks everything that Showtell uses, without changing anything. */
export async function examine(config: Config, data: string): Promise<CheckGroup[]> {
  const inspection = await inspectEngine();
  const [engine, ...libraries] = engineChecks(inspection);
  const library = inspection.asked === "wasm" || inspection.altered !== undefined
    ? undefined
    : inspection.chosen;
  const arithmetic = arithmeticCheck(await inspectArithmetic(library), library !== undefined);
  return [
    {
      group: `To train ${config.name}`,
      checks: [engine, await dataCheck(data), ...await configChecks(config, data)],
    },
    { group: "Where TensorFlow was looked for", checks: [...libraries, arithmetic] },
    { group: "For other encoders", checks: await weightChecks() },
    {
      group: "For notebooks, tests and pictures",
      checks: [...await notebookChecks(), await browserCheck()],
    },
  ];
}
