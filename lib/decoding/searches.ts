import { Random } from "../random/mod.ts";
import type { Hypothesis, Search } from "./hypotheses.ts";
import type { SearchListener } from "./search_listener.ts";
import type { Drawing } from "./sampling.ts";
import type { DecodingSettings } from "./settings.ts";

/**
 * The searches for captions of photos, in the order of the photos: one as wide as the beam; one a
 * group, all about as wide; or one a caption that is drawn.
 */
export function beginSearches(
  photos: number,
  { beam, diverseGroups = 1, sampling }: Pick<DecodingSettings, "beam" | "diverseGroups"> & {
    sampling?: Drawing;
  },
  keyOf: SearchListener["keyOf"],
): Search[] {
  const count = sampling === undefined ? Math.min(beam, diverseGroups) : beam;
  const searches: Search[] = [];
  for (let photo = 0; photo < photos; photo++) {
    for (let i = 0; i < count; i++) {
      const begin: Hypothesis = {
        words: [],
        probabilities: [],
        logProbability: 0,
        isGreedy: i === 0 && sampling === undefined,
      };
      const search: Search = {
        photo,
        width: Math.floor((beam + i) / count),
        alive: [begin],
        finished: [],
      };
      if (sampling?.kind === "even") search.point = (i + 0.5) / count;
      else if (sampling !== undefined) {
        search.random = new Random(sampling.seed, "sampling", keyOf?.(photo) ?? photo, i);
      }
      searches.push(search);
    }
  }
  return searches;
}
