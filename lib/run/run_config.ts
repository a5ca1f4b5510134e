import { dirname } from "node:path";
import { type Config, differences, parseConfig } from "../config/mod.ts";
import { z } from "zod";
import { digestJson, readRecord, writeRecord } from "../storage/mod.ts";
import { isAsBefore } from "./recorded_inputs.ts";
import { IMPORT_AGAIN, isImported } from "./restore_advice.ts";
import { runFiles, runPaths } from "./run_files.ts";

/** Version of a run folder's layout; 3: every file's digest is recorded. */
const FORMAT = 3;

/** Keys that change nothing in what training learns: a run may be continued with others. */
const MAY_CHANGE =
  /^(description|decoding\.|evaluation\.|dataset\.maxRejected$|dataset\.bucket\.|encoder\.shardSize$)/;

/**
 * The config in a run's `config.json`; undefined if there is no such file.
 *
 * @throws {DamagedFileError} if it is damaged
 * @throws {OtherVersionError} if another version wrote it
 */
export async function readRunConfig(path: string): Promise<Config | undefined> {
  const stored = await readRecord(path, {
    format: FORMAT,
    schema: z.record(z.string(), z.unknown()),
    remedy: configAdvice(path),
    otherVersion: "train or import the run again, with --overwrite",
  });
  return stored === undefined ? undefined : parseConfig(stored, path);
}

/** What restores a run's config, as the end of a sentence. */
export function configAdvice(path: string): string {
  return isImported(runPaths(dirname(path)))
    ? IMPORT_AGAIN
    : "`deno task train` with the config that made the run restores it";
}

/** Writes a run's `config.json`. */
export async function writeRunConfig(path: string, config: Config): Promise<void> {
  await writeRecord(path, FORMAT, config);
}

/** Digest of what training learns from: equal for configs that a run may be continued with. */
export function decisiveDigest(config: Config): string {
  const decisive = [...settingsOf(config)].filter(([key, value]) =>
    !MAY_CHANGE.test(key) && key !== "training.epochs" &&
    !isAsBefore(key, value)
  );
  return digestJson(Object.fromEntries(decisive));
}

/** Every setting under its dotted key. */
function* settingsOf(value: unknown, prefix = ""): Generator<[string, unknown]> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return yield [prefix, value];
  }
  for (const [key, inner] of Object.entries(value)) {
    yield* settingsOf(inner, prefix === "" ? key : `${prefix}.${key}`);
  }
}

/** There is a run of that name, which another config made. */
export class OtherConfigError extends Error {
  /** The keys that differ, with both values. */
  readonly changed: string;

  /**
   * Offers another name.
   *
   * @param changed such as `model.units (16, now 8)`
   */
  constructor(folder: string, changed: string) {
    super(
      `${folder} was made by another config; these keys differ: ${changed}. ` +
        "Give this run another --name, or --overwrite the old one",
    );
    this.changed = changed;
  }
}

/**
 * Checks that a run made by one config may be continued with another: what training learns from
 * must be the same, and there may be more epochs.
 *
 * @throws {OtherConfigError} naming the keys that differ
 */
export function checkSameTraining(folder: string, before: Config, now: Config): void {
  const changed = differences(before, now).filter(({ key, before, after }) =>
    !MAY_CHANGE.test(key) && !(key === "training.epochs" && Number(after) >= Number(before))
  );
  if (changed.length === 0) return;
  const list = changed.slice(0, 5).map(({ key, before, after }) =>
    `${key} (${shown(before)}, now ${shown(after)})`
  );
  const more = changed.length > 5 ? ` and ${changed.length - 5} more` : "";
  throw new OtherConfigError(folder, list.join(", ") + more);
}

function shown(value: unknown): string {
  return value === undefined ? "not set" : JSON.stringify(value);
}

/** The error for a folder without a config. */
export function noRun(folder: string): Error {
  return new Error(
    `${folder} holds no run: there is no ${runFiles.config} in it; \`deno task runs\` lists the ` +
      "runs that there are",
  );
}
