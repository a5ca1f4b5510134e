import { join } from "node:path";
import { digestFile, digestJson } from "./digests.ts";
import { writeFileWhole } from "./write_file_whole.ts";

/** What a stage left behind about itself: from what it was made, and what it made. */
interface StageRecord {
  /** Digest of all inputs. */
  inputs: string;
  /** SHA-256 of every output by file name. */
  outputs: Record<string, string>;
}

/**
 * Whether a stage's outputs are there, whole, and made from these inputs.
 * Compared by content, not by time.
 */
export async function isUpToDate(folder: string, stage: string, inputs: unknown): Promise<boolean> {
  const record = await readRecord(folder, stage);
  if (record === undefined || record.inputs !== digestJson(inputs)) return false;
  for (const [name, digest] of Object.entries(record.outputs)) {
    try {
      if (await digestFile(join(folder, name)) !== digest) return false;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }
  return true;
}

/** Records that a stage is done: last of all, when its outputs are written. */
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
  try {
    return JSON.parse(await Deno.readTextFile(recordPath(folder, stage)));
  } catch (error) {
    // Without a record that can be read the stage is simply done again.
    const isNone = [Deno.errors.NotFound, Deno.errors.NotADirectory, SyntaxError]
      .some((kind) => error instanceof kind);
    if (isNone) return undefined;
    throw error;
  }
}

function recordPath(folder: string, stage: string): string {
  return join(folder, `${stage}.stage.json`);
}
