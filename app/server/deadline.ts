import { RequestFailure } from "../api/request_failure.ts";

/** Header with the milliseconds that a client is willing to wait for its answer. */
export const DEADLINE_HEADER = "X-Deadline-Ms";

/**
 * When the client stops waiting, in seconds of the clock that `now` is of.
 *
 * @returns Infinity without the header
 * @throws {RequestFailure} 400 if it is not a whole number
 */
export function deadlineOf(request: Request, now: number): number {
  const text = request.headers.get(DEADLINE_HEADER);
  if (text === null) return Infinity;
  if (!/^\d{1,9}$/.test(text)) {
    throw new RequestFailure(400, `${DEADLINE_HEADER} is not a whole number of milliseconds.`);
  }
  return now + Number(text) / 1000;
}
