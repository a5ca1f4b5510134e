/**
 * A signal that aborts when the client leaves before it is answered.
 *
 * @returns also what stops listening: Deno aborts a request's own signal after every answer
 */
export function clientGone(request: Request): {
  signal: AbortSignal;
  leave: () => void;
  stop: () => void;
} {
  const controller = new AbortController();
  const leave = () => controller.abort(new DOMException("The client left.", "AbortError"));
  if (request.signal.aborted) leave();
  request.signal.addEventListener("abort", leave);
  return {
    signal: controller.signal,
    leave,
    stop: () => request.signal.removeEventListener("abort", leave),
  };
}
