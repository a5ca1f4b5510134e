/** One size of bench/large_data.ts, in a process of its own: makes the data, or runs the stages. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Cost, medianCosts } from "./clock.ts";
import { makeFeatures, makeSource } from "./made_data.ts";
import { evaluationPass, stagesPass } from "./passes.ts";
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
  const peak = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    forgetPeak();
    const result = await work();
    peaks[stage] = Math.max(peaks[stage] ?? 0, peakMemory());
    return result;
  };
  const costs = { base: {}, whole: {} } as Record<"base" | "whole", Record<string, Cost>>;
  const rounds = { base: Number(values["base-rounds"]), whole: Number(values.rounds) };
  // Once without a clock: what is compiled and opened at first use is no cost of a caption.
  await stagesPass(sources.base, await freshData("base", 0), peak);
  const prepared = {} as Record<"base" | "whole", Awaited<ReturnType<typeof stagesPass>>>;
  for (const which of ["base", "whole"] as const) {
    const runs: Record<string, Cost>[] = [];
    for (let round = 1; round <= rounds[which]; round++) {
      prepared[which] = await stagesPass(sources[which], await freshData(which, round), peak);
      runs.push(prepared[which].costs);
    }
    costs[which] = medianCosts(runs);
  }
  const { training, checkpoint } = await trainSome(prepared.whole, peak);
  for (const which of ["base", "whole"] as const) await leaveRun(prepared[which], checkpoint);
  await evaluationPass(prepared.base, peak); // once without a clock
  for (const which of ["base", "whole"] as const) {
    const runs: Record<string, Cost>[] = [];
    for (let round = 0; round < rounds[which]; round++) {
      runs.push(await evaluationPass(prepared[which], peak));
    }
    Object.assign(costs[which], medianCosts(runs));
  }
  const { tokenizer, sets } = prepared.whole;
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
