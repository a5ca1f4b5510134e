import {
  CaptionScorer,
  meanOverPhotos,
  pairedBootstrap,
  type PairedDifference,
  type Sampler,
  type Scores,
} from "../metrics/mod.ts";
import type { EvaluatedPhoto } from "./evaluation.ts";
import type { ListedRun } from "./list_runs.ts";
import { Run } from "./run.ts";

/** What is computed again may differ in the last digits: n-grams are summed in another order. */
const TOLERANCE = 1e-9;

/** What some runs score over others. */
export interface PairedScores {
  /** By score, the second side's mean minus the first's. */
  scores: Record<string, PairedDifference>;
  /** Why there is none: a sentence without its full stop. */
  reason?: string;
}

/**
 * The paired bootstrap test of what some runs score over others in an evaluation that all have: the mean
 * of each side, such as that of the seeds of a config.
 *
 * @param name `<data set>-<split>`
 * @returns the scores that can be found again from the captions of all; none, with the reason, where
 * captions cannot be read, or the photos or what people wrote of them are not the same
 */
export async function pairedRuns(
  first: readonly ListedRun[],
  second: readonly ListedRun[],
  name: string,
): Promise<PairedScores> {
  const runs = [...first, ...second];
  const without = (reason: string): PairedScores => ({ scores: {}, reason: `${name}: ${reason}` });
  const read: EvaluatedPhoto[][] = [];
  for (const run of runs) {
    try {
      read.push(await new Run(run.folder).evaluation(name).readPhotos());
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return without(`the captions of ${run.name} cannot be read: ${error.message}`);
    }
  }
  const [photos] = read;
  if (photos.length === 0) return without("no photo was captioned");
  const all = read.map((other) => inOrderOf(photos, other));
  if (all.includes(undefined)) {
    return without("the photos, or what people wrote of them, are not the same");
  }
  const [{ config, name: run }] = runs;
  if (config === undefined) return without(`the config of ${run} cannot be read`);
  const { evaluation: { bootstrap, ...settings }, text: { markers } } = config;
  // Those of other captions are not at hand: the photos' own scores, if they are kept, will do.
  const isAtHand = settings["cider-d"].documentFrequencies === "references";
  const metrics = settings.metrics.filter((metric) => isAtHand || metric !== "cider-d");
  const scorer = new CaptionScorer(
    photos.map(({ references }) => references),
    { ...settings, metrics },
    { markers },
  );
  const samplers = runs.map(({ evaluations }, i) =>
    foundAgain(evaluations[name].scores, photos.length, [
      scorer.sampler(all[i]!.map(({ caption }) => caption)),
      meanSampler(all[i]!),
    ])
  );
  const resamples = bootstrap.resamples || 1000;
  const scores = pairedBootstrap(
    meanOf(samplers.slice(0, first.length)),
    meanOf(samplers.slice(first.length)),
    photos.length,
    { ...bootstrap, resamples },
  );
  return { scores };
}

/** The same photos in the other's order; undefined where they, or their references, are not the same. */
function inOrderOf(
  photos: readonly EvaluatedPhoto[],
  other: readonly EvaluatedPhoto[],
): EvaluatedPhoto[] | undefined {
  const byPhoto = new Map(other.map((photo) => [photo.photo, photo]));
  const found = photos.map(({ photo }) => byPhoto.get(photo)).filter((photo) =>
    photo !== undefined
  );
  const isSame = other.length === photos.length && found.length === photos.length &&
    photos.every(({ references }, i) =>
      JSON.stringify(references.toSorted()) === JSON.stringify(found[i].references.toSorted())
    );
  return isSame ? found : undefined;
}

/** The mean of several runs' scores: of those that all have. */
function meanOf(samplers: readonly Sampler[]): Sampler {
  if (samplers.length === 1) return samplers[0];
  return (photos) => {
    const all = samplers.map((sampler) => sampler(photos));
    const names = Object.keys(all[0]).filter((name) => all.every((scores) => name in scores));
    return Object.fromEntries(
      names.map((
        name,
      ) => [name, all.reduce((sum, scores) => sum + scores[name], 0) / all.length]),
    );
  };
}

/** The means of the scores that are kept with the photos. */
function meanSampler(photos: readonly EvaluatedPhoto[]): Sampler {
  if (photos.some(({ scores }) => scores === undefined)) return () => ({});
  const mean = meanOverPhotos(photos, (_, photo) => photos[photo].scores!);
  return mean.sampler(photos.map(() => []));
}

/** The recorded scores that one of the samplers gives of all photos, by the first that does. */
function foundAgain(recorded: Scores, photos: number, samplers: readonly Sampler[]): Sampler {
  const all = Array.from({ length: photos }, (_, i) => i);
  const whole = samplers.map((sampler) => sampler(all));
  const chosen = Object.keys(recorded).map((name) => ({
    name,
    by: whole.findIndex((scores) => Math.abs(scores[name] - recorded[name]) < TOLERANCE),
  })).filter(({ by }) => by >= 0);
  return (photos) => {
    const found = samplers.map((sampler) => sampler(photos));
    return Object.fromEntries(chosen.map(({ name, by }) => [name, found[by][name]]));
  };
}
