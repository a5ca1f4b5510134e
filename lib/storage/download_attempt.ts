import type { AllowedHosts } from "./allowed_hosts.ts";
import { fetchAllowed } from "./fetch_allowed.ts";
import { AttemptError, contentLength, inTime, refusal } from "./retry.ts";
import { explainWriteError } from "./write_error.ts";
import { writeFileWhole } from "./write_file_whole.ts";
import type { Listener } from "../progress/mod.ts";

interface AttemptOptions extends Listener {
  stallTimeout: number;
  /** Whether a checksum will show that parts do not belong together. */
  checked: boolean;
  hosts: AllowedHosts;
}

/** What is known about the file whose beginning is in the `.part`. */
interface PartState {
  url: string;
  /** A strong ETag or a Last-Modified, for If-Range. */
  validator?: string;
  total?: number;
}

/**
 * Fetches the missing rest of a file in one request and appends it.
 *
 * @throws {AttemptError} if the network or the server failed
 * @throws {RefusedAddressError} if it may not be fetched from there
 */
export async function fetchRest(
  url: string,
  part: string,
  file: Deno.FsFile,
  options: AttemptOptions,
): Promise<void> {
  const state = await readState(part);
  const resumable = state?.url === url && (state.validator !== undefined || options.checked);
  let done = resumable ? (await file.stat()).size : 0;
  if (resumable && done > 0 && done === state.total) return;

  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (done > 0) headers.range = `bytes=${done}-`;
  if (done > 0 && state?.validator) headers["if-range"] = state.validator;
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, ...options.signal ? [options.signal] : []]);
  try {
    const response = await inTime(
      fetchAllowed(url, { headers, signal }, options.hosts),
      url,
      options,
    );
    if (response.status === 416) await startOver(part, file, "the server has no such range");
    if (!response.ok || response.body === null) throw refusal(response);
    const range = response.status === 206 ? contentRange(response) : undefined;
    if (response.status === 206 && range?.from !== done) {
      await startOver(part, file, "the server sent a different range from the one requested");
    }
    if (range === undefined) done = 0; // the server sends the whole file again
    const total = range?.total ?? contentLength(response);
    await file.truncate(done);
    await writeFileWhole(
      `${part}.json`,
      JSON.stringify({ url, validator: validatorOf(response), total } satisfies PartState),
    );
    await file.seek(done, Deno.SeekMode.Start);
    options.onProgress?.("Download", done, total ?? 0);
    const reader = response.body.getReader();
    while (true) {
      const { value } = await inTime(reader.read(), url, options);
      if (value === undefined) break;
      done += value.length;
      if (total !== undefined && done > total) {
        await startOver(part, file, `the server sent more than the ${total} bytes announced`);
      }
      await append(file, value, part);
      options.onProgress?.("Download", done, total ?? 0);
    }
    if (total !== undefined && done < total) {
      throw new AttemptError(`the connection ended after ${done} of ${total} bytes`);
    }
  } finally {
    ended.abort();
  }
}

async function startOver(part: string, file: Deno.FsFile, why: string): Promise<never> {
  await file.truncate(0);
  await Deno.remove(`${part}.json`).catch(() => {});
  throw new AttemptError(why);
}

async function append(file: Deno.FsFile, chunk: Uint8Array, part: string): Promise<void> {
  try {
    for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
  } catch (error) {
    throw explainWriteError(error, part);
  }
}

function contentRange(response: Response): { from: number; total?: number } | undefined {
  const found = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
  if (found === null) return undefined;
  return { from: Number(found[1]), total: found[2] === "*" ? undefined : Number(found[2]) };
}

function validatorOf(response: Response): string | undefined {
  const tag = response.headers.get("etag");
  if (tag !== null && !tag.startsWith("W/")) return tag;
  return response.headers.get("last-modified") ?? undefined;
}

async function readState(part: string): Promise<PartState | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(`${part}.json`));
  } catch {
    return undefined; // unknown, so the .part cannot be resumed
  }
}
