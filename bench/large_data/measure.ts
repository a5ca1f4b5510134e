/** One size of bench/large_data.ts, in a process of its own: makes the data, or runs the stages. */
import { join } from "node:path";
import { parseArgs } from "node:util";
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
  await makeFeatures(join(folder, "data"), sources.whole, digests);
  await makeFeatures(join(folder, "data-base"), sources.base, digests.slice(0, BASE));
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
  const seconds = { base: {}, whole: {} } as Record<"base" | "whole", Record<string, number>>;
  const rounds = { base: Number(values["base-rounds"]), whole: Number(values.rounds) };
  // Once without a clock: what is compiled and opened at first use is no cost of a caption.
  await stagesPass(sources.base, join(folder, "data-base"), peak);
  const prepared = {} as Record<"base" | "whole", Awaited<ReturnType<typeof stagesPass>>>;
  for (const which of ["base", "whole"] as const) {
    const times: Record<string, number>[] = [];
    const data = join(folder, which === "base" ? "data-base" : "data");
    for (let round = 0; round < rounds[which]; round++) {
      prepared[which] = await stagesPass(sources[which], data, peak);
      times.push(prepared[which].seconds);
    }
    seconds[which] = medians(times);
  }
  const { training, checkpoint } = await trainSome(prepared.whole, peak);
  for (const which of ["base", "whole"] as const) await leaveRun(prepared[which], checkpoint);
  await evaluationPass(prepared.base, peak); // once without a clock
  for (const which of ["base", "whole"] as const) {
    const times: Record<string, number>[] = [];
    for (let round = 0; round < rounds[which]; round++) {
      times.push(await evaluationPass(prepared[which], peak));
    }
    Object.assign(seconds[which], medians(times));
  }
  const { tokenizer, sets } = prepared.whole;
  return {
    captions: Number(values.captions),
    base: BASE,
    ...tokenizer.measure(),
    meanWords: tokenizer.fitted.pairs / tokenizer.fitted.captions - 1,
    train: sets.train.captions.length,
    seconds,
    training,
    peaks,
    peak: Math.max(...Object.values(peaks)),
  };
}

function medians(runs: Record<string, number>[]): Record<string, number> {
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
  return Object.fromEntries(
    Object.keys(runs[0] ?? {}).map((key) => [key, median(runs.map((run) => run[key]))]),
  );
}
