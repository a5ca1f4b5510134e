import { inspectEngine } from "../engine/mod.ts";
import { browserCheck } from "./browser_check.ts";
import type { Check } from "./check.ts";
import { dataCheck } from "./data_check.ts";
import { engineChecks } from "./engine_checks.ts";
import { notebookChecks } from "./notebook_checks.ts";
import { weightChecks } from "./weight_checks.ts";

/** Checks everything that Showtell uses, without changing anything. */
export async function examine(data: string): Promise<Check[]> {
  return [
    ...engineChecks(await inspectEngine()),
    await dataCheck(data),
    ...await weightChecks(),
    ...await notebookChecks(),
    await browserCheck(),
  ];
}
