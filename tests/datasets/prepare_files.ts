import {
  type DatasetSettings,
  datasetSettings,
  openDataset,
  type PrepareContext,
  type PreparedDataset,
} from "../../lib/datasets/mod.ts";
import { assert, assertRejects } from "../assert.ts";
import { writeFiles } from "./temp_folder.ts";

/** Files by name; objects as JSON. */
export type Files = Record<string, string | Uint8Array | object>;

/** A data set opened for its table alone. */
export async function prepareDataset(
  settings: DatasetSettings,
  context: PrepareContext,
): Promise<PreparedDataset> {
  return await (await openDataset(settings, context)).prepare();
}

/** A data set opened for its fingerprint alone. */
export async function fingerprintDataset(
  settings: DatasetSettings,
  context: PrepareContext,
): Promise<string> {
  return await (await openDataset(settings, context)).fingerprint();
}

/** Writes files into a folder. */
export async function writeAll(folder: string, files: Files): Promise<void> {
  await writeFiles(
    folder,
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        name,
        typeof content === "string" || content instanceof Uint8Array
          ? content
          : JSON.stringify(content),
      ]),
    ),
  );
}

/** Writes files into a folder and prepares it as a data set of a kind; all may be rejected. */
export async function prepareFiles(
  kind: string,
  folder: string,
  files: Files,
  settings: object = {},
): Promise<PreparedDataset & { said: string[] }> {
  await writeAll(folder, files);
  const said: string[] = [];
  const prepared = await prepareDataset(
    datasetSettings.parse({ kind, source: folder, maxRejected: 0.999, ...settings }),
    { folder, say: (line) => said.push(line) },
  );
  return { ...prepared, said };
}

/** What is in a prepared data set, in short: `a.jpg train: a dog`. */
export function inShort({ captions }: PreparedDataset): string[] {
  return captions.map(({ photo, split, caption }) => `${photo} ${split || "-"}: ${caption}`);
}

/** Rows and reasons: `captions.csv:3 empty caption`. */
export function rejects({ rejected }: PreparedDataset): string[] {
  return rejected.map(({ row, reason }) => `${row} ${reason}`);
}

/** Checks that preparing fails with one sentence that holds all the parts. */
export async function assertRefused(
  kind: string,
  folder: string,
  files: Files,
  settings: object,
  ...parts: string[]
): Promise<void> {
  const source = await Deno.makeTempDir({ dir: folder });
  const error = await assertRejects(() => prepareFiles(kind, source, files, settings), Error);
  for (const part of parts) {
    assert(error.message.includes(part), `"${error.message}" lacks "${part}"`);
  }
  assert(!error.message.includes("\n"), error.message);
}
