import { createHash } from "node:crypto";
import { AllowedHosts } from "./allowed_hosts.ts";
import { fetchAllowed } from "./fetch_allowed.ts";
import { AttemptError, contentLength, inTime, refusal } from "./retry.ts";

/** How a small file is fetched. */
export interface FetchBytesOptions {
  /** Milliseconds without a byte after which the attempt is given up. */
  stallTimeout: number;
  /**
   * Larger bodies are refused, as the whole body is held in memory.
   *
   * @default {67_108_864}
   */
  maxBytes?: number;
  /**
   * Whether an ETag of 32 hexadecimal digits is the body's MD5, as on S3.
   *
   * @default {false}
   */
  etagIsMd5?: boolean;
  /** Hosts that it may come from. @default {the address's own, not in a private network} */
  hosts?: AllowedHosts;
  /** Ends the attempt. */
  signal?: AbortSignal;
}

/** A file that was received completely, as far as the server's headers tell. */
export interface FetchedBytes {
  /** Its content. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether a checksum confirmed it. */
  proven: boolean;
}

/**
 * Fetches a small file into memory in one request.
 *
 * @returns undefined if the server has no such file (404)
 * @throws {AttemptError} if the network or the server failed, or the body does not match its headers
 * @throws {RefusedAddressError} if it may not be fetched from there
 */
export async function fetchBytes(
  url: string,
  options: FetchBytesOptions,
): Promise<FetchedBytes | undefined> {
  const ended = new AbortController();
  // Not AbortSignal.any(): one signal outlives hundreds of thousands of these.
  const abort = () => ended.abort(options.signal?.reason);
  options.signal?.addEventListener("abort", abort, { once: true });
  let whole = false;
  try {
    const init = { headers: { "accept-encoding": "identity" }, signal: ended.signal };
    const request = fetchAllowed(url, init, options.hosts ?? new AllowedHosts([url]));
    const response = await inTime(request, url, options);
    const bytes = await readBody(response, url, options);
    whole = true;
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw refusal(response);
    return { bytes, proven: options.etagIsMd5 === true && checkMd5(bytes, response.headers) };
  } finally {
    options.signal?.removeEventListener("abort", abort);
    if (!whole) ended.abort(); // a connection that was read to its end is reused
  }
}

async function readBody(
  response: Response,
  url: string,
  options: FetchBytesOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { maxBytes = 64 << 20 } = options;
  const announced = contentLength(response);
  if (announced !== undefined && announced > maxBytes) throw tooLarge(maxBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    const { value } = await inTime(reader.read(), url, options);
    if (value === undefined) break;
    size += value.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(value);
  }
  if (announced !== undefined && size !== announced) {
    throw new AttemptError(`the connection ended after ${size} of ${announced} bytes`);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function tooLarge(maxBytes: number): AttemptError {
  return new AttemptError(`the server sends more than ${maxBytes >> 20} MiB`, Infinity);
}

/**
 * S3's ETag is the MD5 of a plain upload; of a multipart upload it ends with a dash and a number,
 * and of an upload encrypted with a key it looks like an MD5 but is not.
 */
function checkMd5(bytes: Uint8Array, headers: Headers): boolean {
  const tag = /^"([0-9a-f]{32})"$/i.exec(headers.get("etag") ?? "");
  const encrypted = headers.get("x-amz-server-side-encryption")?.startsWith("aws:kms") ||
    headers.has("x-amz-server-side-encryption-customer-algorithm");
  if (tag === null || encrypted) return false;
  const md5 = createHash("md5").update(bytes).digest("hex");
  if (md5 === tag[1].toLowerCase()) return true;
  throw new AttemptError(
    `the body received has the MD5 ${md5}, but the server's ETag is ${tag[1]}`,
  );
}
