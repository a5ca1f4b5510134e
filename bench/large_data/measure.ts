/** One size of bench/large_data.ts, in a process of its own: makes the data, or runs the stages. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Cost, medianCosts } from "./clock.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import { makeFeatures, makeSource } from "./made_data.ts";
import { evaluationPass, type Peak, stagesPass } from "./passes.ts";
import { forgetPeak, peakMemory } from "./peak_memory.ts";
import { leaveRun, trainSome } from "./train_some.ts";

const { values, positionals: [what] } = parseArgs({
  options: {
    folder: { type: "string" },
    captions: { type: "string" },
    rounds: { type: "string", default: "1" },
    "base-rounds": { type: "string", default: "1" },
  },
  allowPositionals: true,
});
const folder = values.folder!;
/** The data set measured, and the small one that tells what a stage costs whatever its size. */
const sources = { base: join(folder, "base"), whole: join(folder, "whole") };
const BASE = 500;
const rounds = { base: Number(values["base-rounds"]), whole: Number(values.rounds) };

if (what === "make") {
  await makeSource(sources.base, BASE);
  const digests = await makeSource(sources.whole, Number(values.captions));
  await makeFeatures(join(folder, "whole-data"), sources.whole, digests);
  await makeFeatures(join(folder, "base-data"), sources.base, digests.slice(0, BASE));
} else {
  console.log(JSON.stringify(await measure()));
}
Deno.exit();

async function measure() {
  const peaks: Record<string, number> = {};
  const peak: Peak = async (stage, work) => {
    forgetPeak();
    const result = await work();
    peaks[stage] = Math.max(peaks[stage] ?? 0, peakMemory());
    return result;
  };
  const unwatched: Peak = (_stage, work) => work();
  await startEngine();

  // First the way of `deno task train` and no more: this is what memory is measured on.
  const whole = await stagesPass(sources.whole, await freshData("whole", 0), peak);
  const { training, checkpoint } = await trainSome(whole, peak);
  await leaveRun(whole, checkpoint);
  const evaluation = await evaluationPass(whole, peak);

  // Then, all that is compiled and opened at first use being there, what it costs by the clock;
  // in turn, as the compiler still makes the first rounds of small data faster one by one.
  const runs = { base: [], whole: [] } as Record<"base" | "whole", Record<string, Cost>[]>;
  for (let round = 1; round <= Math.max(rounds.base, rounds.whole); round++) {
    for (const which of ["base", "whole"] as const) {
      if (which === "whole" && round > rounds.whole) continue;
      const data = await freshData(which, round);
      const prepared = await stagesPass(sources[which], data, unwatched);
      // Of large data the first evaluation was long enough to be the measure.
      if (which === "base" || rounds.whole > 1) {
        await leaveRun(prepared, checkpoint);
        Object.assign(prepared.costs, await evaluationPass(prepared, unwatched));
      } else {
        Object.assign(prepared.costs, evaluation);
      }
      runs[which].push(prepared.costs);
      await Deno.remove(data, { recursive: true });
    }
  }
  const costs = { base: medianCosts(runs.base), whole: medianCosts(runs.whole) };
  const { tokenizer, sets } = whole;
  return {
    captions: Number(values.captions),
    base: BASE,
    ...tokenizer.measure(),
    meanWords: tokenizer.fitted.pairs / tokenizer.fitted.captions - 1,
    train: sets.train.captions.length,
    costs,
    training,
    peaks,
    peak: Math.max(...Object.values(peaks)),
  };
}

/** A folder for all that stages write, features aside: what a stage did before it knows by folder. */
async function freshData(which: "base" | "whole", round: number): Promise<string> {
  const data = join(folder, `${which}-${round}`);
  await Deno.remove(data, { recursive: true }).catch(() => {});
  await Deno.mkdir(data);
  await Deno.symlink(join(folder, `${which}-data`, "features"), join(data, "features"));
  return data;
}
