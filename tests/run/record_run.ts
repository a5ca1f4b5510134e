import type { Run } from "../../lib/run/mod.ts";
import { type RunRecord, type TrainingSummary, writeRunRecord } from "../../lib/run/run_record.ts";
import { exists } from "../../lib/storage/mod.ts";
import { startOfEpoch, writeCheckpoint } from "../../lib/training/mod.ts";

const summary = {
  encoderKey: "another",
  featureShape: [2],
  parameters: 1,
  epochs: 1,
  wordsPerSecond: 1,
};

/** Records a run as trained: its files as they are; what it lacks is made up. */
export async function recordRun(
  { paths }: Run,
  changes: Partial<TrainingSummary> = {},
): Promise<RunRecord> {
  if (!await exists(paths.best)) {
    await writeCheckpoint(paths.best, {
      weights: new Map([["w", { shape: [1], data: Float32Array.of(1) }]]),
      moments: new Map(),
      steps: 1,
      position: startOfEpoch(1),
      learningRate: 1,
      callbacks: {},
    });
  }
  if (!await exists(paths.tokenizer)) await Deno.writeTextFile(paths.tokenizer, "{}");
  return await writeRunRecord(paths, { ...summary, ...changes }, null);
}
