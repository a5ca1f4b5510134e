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

/**
 * The paired bootstrap test of what the second run scores over the first in an evaluation that both
 * have.
 *
 * @param name `<data set>-<split>`
 * @returns by score; those are left out that cannot be found again from the captions of both. None
 * where the photos, or what people wrote of them, are not the same
 */
export async function pairedRuns(
  a: ListedRun,
  b: ListedRun,
  name: string,
): Promise<Record<string, PairedDifference>> {
  const [first, other] = await Promise.all([photosOf(a, name), photosOf(b, name)]);
  const byPhoto = new Map(other.map((photo) => [photo.photo, photo]));
  const second = first.map(({ photo }) => byPhoto.get(photo)).filter((found) =>
    found !== undefined
  );
  const isSame = first.length > 0 && first.length === other.length &&
    second.length === first.length &&
    first.every(({ references }, i) =>
      JSON.stringify(references.toSorted()) === JSON.stringify(second[i].references.toSorted())
    );
  if (!isSame || a.config === undefined) return {};
  const { evaluation: { bootstrap, ...settings }, text: { markers } } = a.config;
  // Those of other captions are not at hand: the photos' own scores, if they are kept, will do.
  const isAtHand = settings["cider-d"].documentFrequencies === "references";
  const metrics = settings.metrics.filter((metric) => isAtHand || metric !== "cider-d");
  const scorer = new CaptionScorer(
    first.map(({ references }) => references),
    { ...settings, metrics },
    { markers },
  );
  const samplers = [first, second].map((photos, i) => {
    const recorded = (i === 0 ? a : b).evaluations[name].scores;
    return foundAgain(recorded, photos.length, [
      scorer.sampler(photos.map(({ caption }) => caption)),
      meanSampler(photos),
    ]);
  });
  const resamples = bootstrap.resamples || 1000;
  return pairedBootstrap(samplers[0], samplers[1], first.length, { ...bootstrap, resamples });
}

async function photosOf({ folder }: ListedRun, name: string): Promise<EvaluatedPhoto[]> {
  return await new Run(folder).evaluation(name).readPhotos().catch(() => []);
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
