import type { Listener } from "../progress/mod.ts";
import { type Run, trainedRuns } from "../run/mod.ts";
import { UsageError } from "./usage_error.ts";

/**
 * The only trained run under a data folder, which is said.
 *
 * @throws {UsageError} if there is none, or there are several
 */
export async function onlyRun(data: string, say: Required<Listener>["say"]): Promise<Run> {
  const runs = await trainedRuns(data);
  const [run, ...others] = runs;
  if (run === undefined) {
    throw new UsageError(
      `There is no trained run in ${data}: name one elsewhere by --run, or create the first one: ` +
        "deno task train",
    );
  }
  if (others.length > 0) {
    const names = runs.slice(0, 5).map(({ name }) => name).join(", ");
    const more = runs.length > 5 ? ", …" : "";
    throw new UsageError(
      `There are ${runs.length} trained runs: choose one by --run (${names}${more})`,
    );
  }
  say(`The run is ${run.folder}, the only trained one`);
  return run;
}
