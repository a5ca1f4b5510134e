import { join } from "node:path";
import { z } from "zod";
import { DamagedFileError } from "./damaged_file_error.ts";
import { digestFile, digestJson } from "./digests.ts";
import { isNotFound } from "./not_found.ts";
import { OtherVersionError } from "./other_version_error.ts";
import { readRecord, writeRecord } from "./record_file.ts";

/** Version of a stage's record. */
const FORMAT = 1;

/** What a stage records about itself. */
const schema = z.strictObject({
  /** Digest of all inputs. */
  inputs: z.string(),
  /** SHA-256 of every output by file name. */
  outputs: z.record(z.string(), z.string()),
});

type StageRecord = z.infer<typeof schema>;

/**
 * Whether a stage's outputs exist, are complete, and were made from these inputs, by content, not by
 * time.
 */
export async function isUpToDate(folder: string, stage: string, inputs: unknown): Promise<boolean> {
  const record = await readStage(folder, stage);
  if (record === undefined || record.inputs !== digestJson(inputs)) return false;
  return await findAlteredOutput(folder, record) === undefined;
}

/**
 * The first of a stage's outputs that is not as it was recorded.
 *
 * @returns undefined if all are
 */
export async function alteredOutput(folder: string, stage: string): Promise<string | undefined> {
  const record = await readStage(folder, stage);
  return record === undefined ? recordName(stage) : await findAlteredOutput(folder, record);
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
  await writeRecord(join(folder, recordName(stage)), FORMAT, record);
}

async function findAlteredOutput(
  folder: string,
  { outputs }: StageRecord,
): Promise<string | undefined> {
  for (const [name, digest] of Object.entries(outputs)) {
    if (await digestIfReadable(join(folder, name)) !== digest) return name;
  }
}

async function digestIfReadable(path: string): Promise<string | undefined> {
  try {
    return await digestFile(path);
  } catch (error) {
    // A folder has its name, or the disk cannot read it: the output is made again, or named.
    const { code } = error as { code?: string };
    if (isNotFound(error) || code === "EISDIR" || code === "EIO") return undefined;
    throw error;
  }
}

/** The record; undefined if there is none, it is damaged or of another version. */
async function readStage(folder: string, stage: string): Promise<StageRecord | undefined> {
  const path = join(folder, recordName(stage));
  try {
    return await readRecord(path, { format: FORMAT, schema, remedy: "run the stage again" });
  } catch (error) {
    if (error instanceof DamagedFileError || error instanceof OtherVersionError) return undefined;
    throw error;
  }
}

function recordName(stage: string): string {
  return `${stage}.stage.json`;
}
