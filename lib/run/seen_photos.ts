import { z } from "zod";
import { matchPhotos } from "../datasets/mod.ts";
import { readRecord, readTextIfAny, writeFileWhole, writeRecord } from "../storage/mod.ts";
import { restoreAdvice } from "./restore_advice.ts";
import type { RunPaths } from "./run_files.ts";
import { checkRecorded, type RunRecord } from "./run_record.ts";

/** Version of the record of photos seen elsewhere. */
const FORMAT = 1;

/** What is known of a run's training elsewhere. */
export interface SeenElsewhere {
  /** Names of the photos that it saw, as declared at import; null: unknown. */
  photos: string[] | null;
}

/** What a run saw in training. */
export interface SeenPhotos {
  /** Digests of the photos of a data set that it saw. */
  among: (photos: readonly { digest: string; photo: string }[]) => Set<string>;
  /** Photos that it was trained on here, also by the run that it started from. */
  count: number;
  /** Whether that is known of all its training. */
  known: boolean;
  /** Whether part of it is known only from what was declared at import. */
  declared: boolean;
}

const schema: z.ZodType<SeenElsewhere> = z.strictObject({ photos: z.array(z.string()).nullable() });

/** What is known of a run's training elsewhere; undefined if it was trained here from the start. */
export async function readSeenElsewhere(paths: RunPaths): Promise<SeenElsewhere | undefined> {
  const remedy = restoreAdvice(paths);
  return await readRecord(paths.seenElsewhere, { format: FORMAT, schema, remedy });
}

/** Writes what is known of a run's training elsewhere. */
export async function writeSeenElsewhere(paths: RunPaths, seen: SeenElsewhere): Promise<void> {
  await writeRecord(paths.seenElsewhere, FORMAT, seen);
}

/** What a run hands on to one that starts from its weights. */
export interface SeenBefore {
  /** Digests of the photos that it was trained on here. */
  digests: string[];
  /** What is known of its training elsewhere. */
  elsewhere?: SeenElsewhere;
}

/**
 * What a run hands on to one that starts from its weights.
 *
 * @throws {DamagedFileError} if it is not as it was when the training ended
 */
export async function readSeenForTraining(
  paths: RunPaths,
  record: RunRecord,
): Promise<SeenBefore> {
  await checkRecorded(paths, record, "trainedOn");
  await checkRecorded(paths, record, "seenElsewhere");
  return {
    digests: await readDigests(paths) ?? [],
    elsewhere: await readSeenElsewhere(paths),
  };
}

/**
 * Writes what a run is trained on, with what was seen by the run that it starts from.
 *
 * @param digests of the photos
 */
export async function writeTrainedOn(
  paths: RunPaths,
  digests: readonly string[],
  before: SeenBefore = { digests: [] },
): Promise<void> {
  const lines = [...new Set([...before.digests, ...digests])].map((digest) => digest + "\n");
  await writeFileWhole(paths.trainedOn, lines.join(""));
  if (before.elsewhere !== undefined) await writeSeenElsewhere(paths, before.elsewhere);
}

/**
 * What a run saw in training.
 *
 * @throws {DamagedFileError} if what is written about it is not as it was when the training ended
 */
export async function readSeenPhotos(paths: RunPaths, record: RunRecord): Promise<SeenPhotos> {
  const { digests, elsewhere } = await readSeenForTraining(paths, record);
  const seen = new Set(digests);
  return {
    among: (photos) => {
      const named = namedPhotos(elsewhere?.photos ?? [], photos.map(({ photo }) => photo));
      return new Set(
        photos.filter(({ digest, photo }) => seen.has(digest) || named.has(photo))
          .map(({ digest }) => digest),
      );
    },
    count: seen.size,
    known: elsewhere?.photos !== null,
    declared: elsewhere !== undefined,
  };
}

/**
 * Photos that names may stand for: each of several, and where no name fits by its folders those that
 * have its file name. A photo left out costs less than a score on one seen in training.
 */
function namedPhotos(names: readonly string[], photos: readonly string[]): Set<string> {
  const matches = [...matchPhotos(names, { files: [...new Set(photos)] }).values()];
  const foldersFit = matches.some(({ kind }) => kind === "found" || kind === "several");
  return new Set(matches.flatMap((match) => {
    if (match.kind === "none" || match.kind === "elsewhere" && foldersFit) return [];
    return "photos" in match ? match.photos : [match.photo];
  }));
}

async function readDigests(paths: RunPaths): Promise<string[] | undefined> {
  const text = await readTextIfAny(paths.trainedOn);
  return text?.split("\n").filter((line) => line !== "");
}
