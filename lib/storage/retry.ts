import pRetry from "p-retry";
import { RefusedAddressError } from "./allowed_hosts.ts";

/** The network or the server failed. */
export class AttemptError extends Error {
  /**
   * An error for one attempt.
   *
   * @param wait milliseconds that the server asked to wait; infinity if another attempt would not help
   */
  constructor(message: string, readonly wait = 0) {
    super(message);
  }
}

/** How often an attempt is repeated, and after which waits. */
export interface RetryOptions {
  /** Attempts after the first. */
  retries: number;
  /** First wait in milliseconds, doubled each time, with jitter: one to two times as long. */
  minDelay: number;
  /** Ends the attempts and the waits between them. */
  signal?: AbortSignal;
  /**
   * Whether a failed attempt counts.
   *
   * @default {() => Promise.resolve(true)}
   */
  counts?: () => Promise<boolean>;
  /** Called after each failed attempt that is followed by another. */
  onRetry?: (error: AttemptError) => void;
}

/**
 * Repeats an attempt that fails with an `AttemptError` until one succeeds, with exponential backoff,
 * and not earlier than the server asks for.
 *
 * @throws {AttemptError} if all attempts failed: the last one's error
 */
export async function retryAttempts<T>(
  attempt: () => Promise<T>,
  { retries, minDelay, signal, counts = () => Promise.resolve(true), onRetry }: RetryOptions,
): Promise<T> {
  const [jitter] = crypto.getRandomValues(new Uint32Array(1)); // clients that failed together spread out
  return await pRetry(attempt, {
    retries,
    minTimeout: minDelay * (1 + jitter / 2 ** 32),
    maxTimeout: 60_000,
    signal,
    shouldConsumeRetry: counts,
    shouldRetry: ({ error }) => isTransient(error),
    onFailedAttempt: async ({ error, retriesLeft }) => {
      if (!isTransient(error) || retriesLeft === 0) return;
      onRetry?.(error);
      if (error.wait > 0) await wait(error.wait, signal);
    },
  });
}

function isTransient(error: Error): error is AttemptError {
  return error instanceof AttemptError && error.wait < Infinity;
}

/** Waits; an aborted signal ends the wait by throwing its reason. */
export function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal?.reason);
  const timer = setTimeout(resolve, milliseconds);
  signal?.addEventListener("abort", abort, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  });
}

/**
 * Waits for a network operation; its failures become attempt errors.
 *
 * @throws {AttemptError} if it failed, or took longer than `stallTimeout`
 * @throws {RefusedAddressError} as it is, if the address may not be fetched
 */
export async function inTime<T>(
  step: Promise<T>,
  url: string,
  options: { signal?: AbortSignal; stallTimeout: number },
): Promise<T> {
  const { promise: stalled, reject } = Promise.withResolvers<never>();
  const message = `no data arrived for ${options.stallTimeout / 1000} seconds`;
  const timer = setTimeout(() => reject(new AttemptError(message)), options.stallTimeout);
  try {
    return await Promise.race([step, stalled]);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof AttemptError || error instanceof RefusedAddressError) throw error;
    if (error instanceof Deno.errors.NotCapable) {
      const flag = `--allow-net=${new URL(url).host}`;
      const permission =
        `Deno was not given the permission, run it through its task or add ${flag}`;
      throw new AttemptError(permission, Infinity);
    }
    const { message, cause } = error as Error;
    throw new AttemptError(cause instanceof Error ? cause.message : message);
  } finally {
    clearTimeout(timer);
    step.catch(() => {}); // a stalled one fails later, when aborted
  }
}

/** The error for an unsuccessful response; only transient ones are worth another attempt. */
export function refusal({ status, statusText, headers }: Response): AttemptError {
  const message = `the server answered ${status} ${statusText}`.trim();
  const transient = status >= 500 || status === 408 || status === 425 || status === 429;
  if (!transient) return new AttemptError(message, Infinity);
  const asked = headers.get("retry-after");
  if (asked === null) return new AttemptError(message);
  const seconds = /^\d+$/.test(asked) ? Number(asked) : (Date.parse(asked) - Date.now()) / 1000;
  const bounded = Math.min(Math.max(seconds || 0, 0), 600);
  const count = Math.ceil(bounded);
  const request = `and asked to wait ${count} ${count === 1 ? "second" : "seconds"}`;
  return new AttemptError(`${message} ${request}`, bounded * 1000);
}

/** Bytes of the body, where the server announces them. */
export function contentLength(response: Response): number | undefined {
  if (response.headers.has("content-encoding")) return undefined; // it counts the encoded bytes
  const length = response.headers.get("content-length");
  return length === null ? undefined : Number(length);
}
