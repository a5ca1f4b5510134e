import { z } from "zod";
import { matchPhotos } from "../datasets/mod.ts";
import { readTextIfAny, writeFileWhole } from "../storage/mod.ts";
import { runFiles, type RunPaths } from "./run_files.ts";

/** What is known of a run's training elsewhere. */
export interface SeenElsewhere {
  /** Names of the photos that it saw, as declared at import; null: unknown. */
  photos: string[] | null;
}

/** What a run saw in training. */
export interface SeenPhotos {
  /** Whether it saw a photo of a data set. */
  has: (row: { digest: string; photo: string }) => boolean;
  /** Whether that is known of all its training. */
  known: boolean;
  /** Whether part of it is known only from what was declared at import. */
  declared: boolean;
}

const schema: z.ZodType<SeenElsewhere> = z.strictObject({ photos: z.array(z.string()).nullable() });

/** What is known of a run's training elsewhere; undefined if it was trained here from the start. */
export async function readSeenElsewhere(paths: RunPaths): Promise<SeenElsewhere | undefined> {
  const text = await readTextIfAny(paths.seenElsewhere);
  return text === undefined ? undefined : schema.parse(JSON.parse(text));
}

/** Writes what is known of a run's training elsewhere. */
export async function writeSeenElsewhere(paths: RunPaths, seen: SeenElsewhere): Promise<void> {
  await writeFileWhole(paths.seenElsewhere, JSON.stringify(seen) + "\n");
}

/**
 * Writes what a run is trained on, with what was seen by the run that it starts from.
 *
 * @param digests of the photos
 */
export async function writeTrainedOn(
  paths: RunPaths,
  digests: readonly string[],
  from?: RunPaths,
): Promise<void> {
  const before = from === undefined ? [] : await readDigests(from) ?? [];
  const lines = [...new Set([...before, ...digests])].map((digest) => digest + "\n");
  await writeFileWhole(paths.trainedOn, lines.join(""));
  const elsewhere = from === undefined ? undefined : await readSeenElsewhere(from);
  if (elsewhere !== undefined) await writeSeenElsewhere(paths, elsewhere);
}

/**
 * What a run saw in training.
 *
 * @throws {Deno.errors.NotFound} if nothing is written about it
 */
export async function readSeenPhotos(paths: RunPaths): Promise<SeenPhotos> {
  const elsewhere = await readSeenElsewhere(paths);
  const digests = await readDigests(paths);
  if (digests === undefined && elsewhere === undefined) {
    throw new Deno.errors.NotFound(
      `${paths.folder} has no ${runFiles.trainedOn}: train the run first`,
    );
  }
  const seen = new Set(digests);
  const entryOf = matchPhotos(elsewhere?.photos ?? []);
  return {
    has: ({ digest, photo }) => seen.has(digest) || entryOf(photo) !== undefined,
    known: elsewhere?.photos !== null,
    declared: elsewhere !== undefined,
  };
}

async function readDigests(paths: RunPaths): Promise<string[] | undefined> {
  const text = await readTextIfAny(paths.trainedOn);
  return text?.split("\n").filter((line) => line !== "");
}
