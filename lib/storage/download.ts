import { dirname } from "node:path";
import { AllowedHosts } from "./allowed_hosts.ts";
import { AttemptError, retryAttempts, wait } from "./retry.ts";
import { digestFile } from "./digests.ts";
import { fetchRest } from "./download_attempt.ts";
import { isFile } from "./exists.ts";
import { openLocked } from "./locked_file.ts";
import { unlessNotFound } from "./not_found.ts";
import { explainWriteError } from "./write_error.ts";
import type { Listener } from "../progress/mod.ts";

/** How a download is checked, reported and retried. */
export interface DownloadOptions extends Listener {
  /** The file's SHA-256 in hexadecimal digits. */
  sha256?: string;
  /** The file's MD5 in hexadecimal digits, where no better checksum is published. */
  md5?: string;
  /** Hosts that it may come from. @default {the address's own, not in a private network} */
  hosts?: AllowedHosts;
  /**
   * Whether a file of another content that is there already stays, which is an error then.
   *
   * @default {false}
   */
  keepsOthers?: boolean;
  /**
   * Attempts after the first one that may end with less than 1 MiB received before it gives up.
   *
   * @default {5}
   */
  retries?: number;
  /**
   * First wait between attempts in milliseconds, doubled each time, with jitter.
   *
   * @default {1000}
   */
  minDelay?: number;
  /**
   * Milliseconds without a byte after which an attempt is given up.
   *
   * @default {30_000}
   */
  stallTimeout?: number;
}

/**
 * Downloads a file once: nothing is fetched if the file exists (with the right checksum, where one
 * is given). What has been received is kept in `path.part`, and a later call resumes from it; `path`
 * itself appears complete and checked, or not at all.
 *
 * @throws {Error} if no attempt succeeds: it says what went wrong and what to do
 */
export async function download(
  url: string,
  path: string,
  options: DownloadOptions = {},
): Promise<void> {
  options.signal?.throwIfAborted();
  if (await isDone(path, options)) return;
  const part = `${path}.part`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await refuseLink(part);
    using file = await openAlone(part, options);
    if (await isDone(path, options)) { // another process has just finished it
      return await removeAll(part, `${part}.json`);
    }
    const resumed = (await file.stat()).size > 0;
    try {
      await fetchChecked(url, part, file, options);
    } catch (error) {
      if (!(error instanceof WrongChecksum) || !resumed) throw error;
      options.say?.(`${part} is from another version of the file: starting from scratch`);
      await fetchChecked(url, part, file, options);
    }
    await file.sync();
    await Deno.rename(part, path);
    await removeAll(`${part}.json`);
  } catch (error) {
    if (error === options.signal?.reason) throw error;
    throw explainWriteError(error, path);
  }
}

/** What is received would be written to where the link leads. */
async function refuseLink(part: string): Promise<void> {
  if ((await Deno.lstat(part).catch(unlessNotFound))?.isSymlink !== true) return;
  throw new Error(`${part} is a symbolic link, and nothing is written through it: delete it`);
}

class WrongChecksum extends Error {}

async function isDone(path: string, options: DownloadOptions): Promise<boolean> {
  if (!await isFile(path)) return false;
  const wrong = await findWrongChecksum(path, options);
  if (wrong === undefined) return true;
  if (options.keepsOthers) {
    throw new Error(
      `${path} is there already, with ${wrong}, and is not replaced: move it away, or correct the ` +
        "checksum",
    );
  }
  options.say?.(`${path} has ${wrong}: downloading it again`);
  return false;
}

async function findWrongChecksum(
  path: string,
  options: DownloadOptions,
): Promise<string | undefined> {
  for (const algorithm of ["sha256", "md5"] as const) {
    const expected = options[algorithm]?.toLowerCase();
    if (expected === undefined) continue;
    const found = await digestFile(path, algorithm);
    if (found !== expected) return `${algorithm} ${found} instead of ${expected}`;
  }
  return undefined;
}

async function fetchChecked(
  url: string,
  part: string,
  file: Deno.FsFile,
  options: DownloadOptions,
): Promise<void> {
  await fetchWhole(url, part, file, options);
  const wrong = await findWrongChecksum(part, options);
  if (wrong === undefined) return;
  await file.truncate(0);
  throw new WrongChecksum(
    `${url} sent a file with ${wrong}: it was changed on the server or on its way, and has been ` +
      "deleted; try again later, or download it from elsewhere",
  );
}

async function fetchWhole(
  url: string,
  part: string,
  file: Deno.FsFile,
  options: DownloadOptions,
): Promise<void> {
  const { retries = 5, minDelay = 1000, stallTimeout = 30_000, say, signal } = options;
  const { hosts = new AllowedHosts([url]) } = options;
  let before = 0;
  const attempt = async () => {
    before = (await file.stat()).size;
    const checked = options.sha256 !== undefined || options.md5 !== undefined;
    await fetchRest(url, part, file, { ...options, hosts, stallTimeout, checked });
  };
  try {
    await retryAttempts(attempt, {
      retries,
      minDelay,
      signal,
      counts: async () => (await file.stat()).size - before < 1 << 20,
      onRetry: ({ message }) => say?.(`${url}: ${message}; trying again`),
    });
  } catch (error) {
    if (!(error instanceof AttemptError)) throw error;
    throw new Error(
      `Cannot download ${url}: ${error.message}; look at the network connection and run again ` +
        `(it resumes where it stopped), or put the file at ${part.slice(0, -5)} yourself`,
      { cause: error },
    );
  }
}

async function openAlone(part: string, { say, signal }: DownloadOptions): Promise<Deno.FsFile> {
  for (let waited = false;; waited = true) {
    const file = await openLocked(part);
    if (file !== undefined) return file;
    if (!waited) say?.(`${part} is being downloaded by another process: waiting for it`);
    await wait(500, signal);
  }
}

async function removeAll(...paths: string[]): Promise<void> {
  for (const path of paths) await Deno.remove(path).catch(() => {});
}
