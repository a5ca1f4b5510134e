import { join } from "node:path";
import { digestFile, digestJson } from "./digests.ts";
import { unlessNotFound } from "./not_found.ts";
import { readTextIfAny } from "./read_text_if_any.ts";
import { writeFileWhole } from "./write_file_whole.ts";

/** What a stage records about itself: its inputs and its outputs. */
interface StageRecord {
  /** Digest of all inputs. */
  inputs: string;
  /** SHA-256 of every output by file name. */
  outputs: Record<string, string>;
}

/**
 * Whether a stage's outputs exist, are complete, and were made from these inputs, by content, not by
 * time.
 */
export async function isUpToDate(folder: string, stage: string, inputs: unknown): Promise<boolean> {
  const record = await readRecord(folder, stage);
  if (record === undefined || record.inputs !== digestJson(inputs)) return false;
  for (const [name, digest] of Object.entries(record.outputs)) {
    const found = await digestFile(join(folder, name)).catch(unlessNotFound);
    if (found !== digest) return false;
  }
  return true;
}

/** Records that a stage is done; called last, after its outputs were written. */
export async function recordStage(
  folder: string,
  stage: string,
  inputs: unknown,
  outputs: string[],
): Promise<void> {
  const record: StageRecord = { inputs: digestJson(inputs), outputs: {} };
  for (const name of outputs) record.outputs[name] = await digestFile(join(folder, name));
  await writeFileWhole(recordPath(folder, stage), JSON.stringify(record, null, 2) + "\n");
}

async function readRecord(folder: string, stage: string): Promise<StageRecord | undefined> {
  const text = await readTextIfAny(recordPath(folder, stage));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // damaged: the stage runs again
  }
}

function recordPath(folder: string, stage: string): string {
  return join(folder, `${stage}.stage.json`);
}
