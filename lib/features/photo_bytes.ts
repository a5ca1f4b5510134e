import pLimit from "p-limit";
import {
  AllowedHosts,
  fetchBytes,
  InputFileError,
  isNotFound,
  readInput,
  retryAttempts,
} from "../storage/mod.ts";
import { UnreadablePhotoError } from "../images/mod.ts";

/** Photos fetched at the same time, as servers refuse more from one client. */
const fetching = pLimit(6);

/** Milliseconds without a byte after which a server is given up. */
const STALL_TIMEOUT = 30_000;

/** What Deno's network errors begin with, which says no more than the address. */
const REQUEST = /^error sending request for url \(\S*\): (client error \(\w+\): )?/;

/** Whether a photo's name is a web address. */
function isWebAddress(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

/**
 * The bytes of a photo of a data set.
 *
 * @throws {Error} if it is gone
 */
export async function readKnownPhoto(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readInput(path);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new Error(`Photo ${path} is not there: put it back, or prepare the data again`, {
      cause: error,
    });
  }
}

/**
 * The bytes of any photo, in a file or at a web address.
 *
 * @throws {UnreadablePhotoError} if it cannot be read or fetched
 */
export async function readAnyPhoto(path: string): Promise<Uint8Array<ArrayBuffer>> {
  if (isWebAddress(path)) return await fetching(() => fetchPhoto(path));
  try {
    return await readInput(path);
  } catch (error) {
    throw new UnreadablePhotoError(path, fileReason(error));
  }
}

function fileReason(error: unknown): string {
  if (isNotFound(error)) return "no such file";
  return error instanceof InputFileError ? `it ${error.reason}` : (error as Error).message;
}

async function fetchPhoto(address: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const hosts = new AllowedHosts([address], { byUser: true });
    const attempt = () => fetchBytes(address, { stallTimeout: STALL_TIMEOUT, hosts });
    const fetched = await retryAttempts(attempt, { retries: 2, minDelay: 500 });
    if (fetched === undefined) throw new Error("the server answered 404 Not Found");
    return fetched.bytes;
  } catch (error) {
    const reason = (error as Error).message.replace(REQUEST, "");
    throw new UnreadablePhotoError(
      address,
      `it could not be fetched (${reason}): check the address, or download it first: ` +
        `curl -LO '${address}'`,
    );
  }
}
