import type { Listener } from "../progress/mod.ts";
import { DEFAULT_CONFIG } from "../config/mod.ts";
import { locateRun, type Run, trainedRuns } from "../run/mod.ts";
import { onlyRun } from "./only_run.ts";

/**
 * The runs of these names or folders; without any the run of the default config if it is trained,
 * otherwise the only trained run, which is said.
 *
 * @throws {Error} if one does not exist
 * @throws {UsageError} if none is named, and there is none or several
 */
export async function chosenRuns(
  names: readonly string[],
  data: string,
  say: Required<Listener>["say"],
): Promise<Run[]> {
  if (names.length > 0) return await Promise.all(names.map((name) => locateRun(data, name)));
  const first = (await trainedRuns(data)).find(({ name }) => name === DEFAULT_CONFIG);
  return [first ?? await onlyRun(data, say)];
}
