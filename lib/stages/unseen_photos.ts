import type { CaptionRow } from "../datasets/mod.ts";
import type { Run } from "../run/mod.ts";
import type { Experiment } from "./experiment.ts";

/** There is no photo that training has not seen, so that nothing can be scored. */
export class NoUnseenPhotosError extends Error {}

/**
 * The photos of a split, without those that the run was trained on.
 *
 * @throws {NoUnseenPhotosError} if there are none
 */
export async function unseenPhotos(
  captions: readonly CaptionRow[],
  wanted: "dev" | "test",
  run: Run,
  say: Experiment["say"],
): Promise<{ split: "dev" | "test"; rows: CaptionRow[] }> {
  const seen = await run.readSeenPhotos();
  if (!seen.known) {
    throw new NoUnseenPhotosError(
      `${run.folder} was imported, or trained from what was, and nobody said which photos it was ` +
        "trained on: nothing is scored, since any photo may be one of them; import it with " +
        "--trained-on FILE, a photo's name on each line",
    );
  }
  if (seen.declared) say("Which photos the run saw elsewhere is taken from whoever imported it");
  const seenHere = seen.among(captions);
  const unseen = (split: "dev" | "test") => {
    const rows = captions.filter((row) => row.split === split);
    const kept = rows.filter(({ digest }) => !seenHere.has(digest));
    if (kept.length < rows.length) {
      say(
        `${rows.length - kept.length} captions of ${split} are left out: ` +
          `the run was trained on their photos`,
      );
    }
    return kept;
  };
  const rows = unseen(wanted);
  if (rows.length > 0) return { split: wanted, rows };
  if (wanted === "test") {
    const dev = unseen("dev");
    if (dev.length > 0) {
      say("There are no test photos: evaluating on dev instead, which chose the best epoch");
      return { split: "dev", rows: dev };
    }
  }
  throw new NoUnseenPhotosError(
    `The data set has no ${wanted} photos that the run was not trained on: ` +
      `look at dataset.split and evaluation.split`,
  );
}
