import type { BatchOptions } from "../engine/caption_engine.ts";
import type { Place } from "./place.ts";
import { fitTogether, isPhoto, type WaitingPhoto, type WaitingWork } from "./waiting.ts";

/**
 * Takes what is computed next: the oldest work of the request that was served longest ago and,
 * if it is a photo, others that fit into its batch, one a request in turn.
 *
 * @param turns requests, the one served longest ago first; those served move to the end, those with
 *   nothing that waits are removed
 * @param mostPhotos the most photos of a batch
 * @returns undefined if nothing waits
 */
export function nextTurn(
  turns: Place[],
  mostPhotos: (options: BatchOptions) => number,
): [WaitingWork, ...WaitingPhoto[]] | undefined {
  keepWaiting(turns);
  if (turns.length === 0) return undefined;
  const [first] = turns[0].waiting;
  const served = new Set([turns[0]]);
  turns[0].remove(first);
  const turn: [WaitingWork, ...WaitingPhoto[]] = [first];
  if (isPhoto(first)) {
    const most = mostPhotos(first.options);
    const order = [...turns.slice(1), turns[0]];
    while (turn.length < most) {
      const before = turn.length;
      for (const place of order) {
        const fits = (work: WaitingWork): work is WaitingPhoto =>
          isPhoto(work) && fitTogether(work.options, first.options);
        const next = place.waiting.find(fits);
        if (next === undefined || turn.length === most) continue;
        place.remove(next);
        served.add(place);
        turn.push(next);
      }
      if (turn.length === before) break;
    }
  }
  const order = [...turns.filter((place) => !served.has(place)), ...served];
  turns.splice(0, turns.length, ...order);
  keepWaiting(turns);
  return turn;
}

function keepWaiting(turns: Place[]): void {
  turns.splice(0, turns.length, ...turns.filter(({ waiting }) => waiting.length > 0));
}
