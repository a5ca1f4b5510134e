import { lookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import { megabytes, type PhotoLimits } from "./limits.ts";
import { isPublicAddress } from "../../lib/storage/mod.ts";
import { RefusedPhotoError } from "./refused_photo_error.ts";
import { sendRequest, type WebAnswer } from "./send_request.ts";

/** How photos are fetched from web addresses. */
export interface FetchOptions {
  /**
   * Hosts with port, such as `localhost:8123`, that may be private.
   *
   * @default {none}
   */
  privateHosts?: readonly string[];
  /** Addresses of a name. @default {the system's} */
  resolve?: (name: string) => Promise<string[]>;
  /** Sends a request to one address. @default {over HTTP or HTTPS} */
  send?: (url: URL, address: string, signal: AbortSignal) => Promise<WebAnswer>;
}

const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Fetches photos from the public internet alone. */
export class PhotoFetcher {
  readonly #limits: PhotoLimits;
  readonly #privateHosts: readonly string[];
  readonly #resolve: (name: string) => Promise<string[]>;
  readonly #send: (url: URL, address: string, signal: AbortSignal) => Promise<WebAnswer>;

  constructor(
    limits: PhotoLimits,
    { privateHosts = [], resolve = systemAddresses, send = sendRequest }: FetchOptions = {},
  ) {
    this.#limits = limits;
    this.#privateHosts = privateHosts;
    this.#resolve = resolve;
    this.#send = send;
  }

  /**
   * Bytes at a web address. Each name is resolved once, all its addresses are checked, and the
   * connection goes to one that was; so at every redirect.
   *
   * @throws {RefusedPhotoError}
   */
  async fetch(address: string, signal: AbortSignal): Promise<Uint8Array> {
    const late = AbortSignal.timeout(this.#limits.fetchMilliseconds);
    try {
      return await this.#follow(address, AbortSignal.any([signal, late]));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof RefusedPhotoError) throw error;
      if (late.aborted) throw new RefusedPhotoError("The web address takes too long to answer.");
      throw new RefusedPhotoError("The web address cannot be reached.");
    }
  }

  async #follow(address: string, signal: AbortSignal): Promise<Uint8Array> {
    let url = webAddress(address);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const answer = await this.#send(url, await this.#checkedAddress(url, signal), signal);
      try {
        if (!REDIRECTS.has(answer.status)) return await this.#read(answer, signal);
        url = webAddress(answer.headers.location ?? "", url);
      } finally {
        answer.close();
      }
    }
    throw new RefusedPhotoError(`The web address redirects more than ${MOST_REDIRECTS} times.`);
  }

  async #checkedAddress(url: URL, signal: AbortSignal): Promise<string> {
    const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
    const addresses = ipaddr.isValid(name) ? [name] : await this.#addressesOf(name);
    signal.throwIfAborted();
    const isAllowed = this.#privateHosts.includes(url.host);
    if (!isAllowed && !addresses.every(isPublicAddress)) {
      throw new RefusedPhotoError(
        "The web address leads into a private network: only public ones are fetched.",
      );
    }
    return addresses[0];
  }

  async #addressesOf(name: string): Promise<string[]> {
    const addresses = await this.#resolve(name).catch(() => []);
    if (addresses.length === 0) {
      throw new RefusedPhotoError("The name in the web address is not known.");
    }
    return addresses;
  }

  async #read({ status, headers, body }: WebAnswer, signal: AbortSignal): Promise<Uint8Array> {
    const { photoBytes } = this.#limits;
    const tooLarge = () =>
      new RefusedPhotoError(`The photo is larger than ${megabytes(photoBytes)}.`);
    if (status !== 200) throw new RefusedPhotoError(`The web address answers with ${status}.`);
    if ((headers["content-encoding"] ?? "identity") !== "identity") {
      throw new RefusedPhotoError("The web address answers with a compressed photo.");
    }
    if (Number(headers["content-length"] ?? 0) > photoBytes) throw tooLarge();
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of body) {
      signal.throwIfAborted();
      bytes += piece.length;
      if (bytes > photoBytes) throw tooLarge();
      pieces.push(piece);
    }
    return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
  }
}

async function systemAddresses(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

/** A URL of the web, relative to another; decimal and octal addresses become ordinary ones. */
function webAddress(address: string, base?: URL): URL {
  const url = URL.parse(address, base);
  if (url === null) throw new RefusedPhotoError("The photo's web address is not a valid URL.");
  if (!["http:", "https:"].includes(url.protocol)) {
    throw new RefusedPhotoError("Only http: and https: addresses are fetched.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new RefusedPhotoError("A web address with a user name or password is not fetched.");
  }
  return url;
}
