import { lookup } from "node:dns/promises";
import ipaddr from "ipaddr.js";
import { isPublicAddress } from "./public_address.ts";

/** Why a web address is not fetched; another attempt would not help. */
export class RefusedAddressError extends Error {
  /** The name of this class. */
  override name = "RefusedAddressError";
}

/** What {@linkcode AllowedHosts} takes besides the addresses that are fetched. */
export interface AllowedHostsOptions {
  /**
   * Further hosts that redirects may lead to, as `example.org`, or `localhost:8000` with the port.
   * Only those that are named here with their port may be on this machine or in a private network.
   *
   * @default {none}
   */
  named?: readonly string[];
  /** The setting that names them, for messages. @default {none} */
  setting?: string;
  /**
   * Whether a user wrote the addresses: they may be private, and redirect to any public host.
   *
   * @default {false}
   */
  byUser?: boolean;
  /** Addresses of a name. @default {the system's} */
  resolve?: (name: string) => Promise<string[]>;
}

/** Where the publishers of files are known to keep them: hosts, with all their subdomains. */
const CONTENT_HOSTS: Readonly<Record<string, readonly string[]>> = {
  "github.com": ["githubusercontent.com"],
  "huggingface.co": ["huggingface.co", "hf.co"],
  "www.kaggle.com": ["storage.googleapis.com"],
};

/** Milliseconds for which a host that was checked is not resolved again. */
const REMEMBERED = 60_000;

/**
 * The hosts that downloads may reach: those of the addresses that are fetched, those where their
 * publishers keep files, and those that a setting names. Names are resolved, and none may lead to
 * this machine or a private network unless the setting names it.
 */
export class AllowedHosts {
  readonly #own: readonly string[];
  readonly #hosts: ReadonlySet<string>;
  readonly #domains: readonly string[];
  readonly #options: AllowedHostsOptions;
  readonly #checked = new Map<string, { at: number; check: Promise<void> }>();

  /**
   * The hosts for a group of downloads.
   *
   * @param urls what is fetched
   */
  constructor(urls: readonly string[], options: AllowedHostsOptions = {}) {
    this.#own = urls.map((url) => hostWithPort(new URL(url)));
    const own = this.#own.map(withoutPort);
    this.#hosts = new Set([...own, ...(options.named ?? []).map(withoutPort)]);
    this.#domains = own.flatMap((host) => CONTENT_HOSTS[host] ?? []);
    this.#options = options;
  }

  /**
   * Checks an address before it is fetched.
   *
   * @param from the address that redirects to it
   * @throws {RefusedAddressError} if it may not be fetched
   */
  async check(url: URL, from?: URL): Promise<void> {
    const refuse = (why: string) => new RefusedAddressError(why);
    const { setting, byUser = false } = this.#options;
    const named = setting === undefined ? "" : `, or name the host in ${setting}`;
    if (url.protocol !== "http:" && url.protocol !== "https:") {
      throw refuse(`${from ?? url} leads to ${url.href}, which is neither http: nor https:`);
    }
    if (from?.protocol === "https:" && url.protocol === "http:") {
      throw refuse(
        `${from} redirects to ${url}, where anyone on the way could change it: use an address ` +
          "that stays with https",
      );
    }
    if (from !== undefined && !byUser && !this.#isNamed(url.hostname)) {
      throw refuse(
        `${from} redirects to another host, ${url.host}: use the file's own address${named}`,
      );
    }
    const meant = hostWithPort(url);
    if (this.#options.named?.includes(meant) || byUser && this.#own.includes(meant)) return;
    const before = this.#checked.get(url.hostname);
    if (before !== undefined && Date.now() - before.at < REMEMBERED) return await before.check;
    const check = this.#checkAddresses(url);
    this.#checked.set(url.hostname, { at: Date.now(), check });
    await check;
  }

  #isNamed(host: string): boolean {
    return this.#hosts.has(host) ||
      this.#domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
  }

  async #checkAddresses(url: URL): Promise<void> {
    const { setting, resolve = systemAddresses } = this.#options;
    const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
    const isLocal = /(^|\.)localhost\.?$/.test(name);
    if (!ipaddr.isValid(name) && !isLocal && isProxied(url)) return; // the proxy resolves it
    const addresses = ipaddr.isValid(name) ? [name] : await resolve(name);
    const inside = addresses.find((address) => !isPublicAddress(address));
    if (inside === undefined) return;
    const where = inside === name ? name : `${name} (${inside})`;
    throw new RefusedAddressError(
      `${url} is not fetched, as ${where} is this machine or in a private network` +
        (setting === undefined
          ? ""
          : `: if that is meant, name "${hostWithPort(url)}" in ${setting}`),
    );
  }
}

function withoutPort(host: string): string {
  return URL.parse(`http://${host}`)?.hostname ?? host;
}

/** `example.org:443`, with the port that the protocol stands for. */
function hostWithPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}

/** None where the system cannot tell, or may not be asked: the request itself says why. */
async function systemAddresses(name: string): Promise<string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}

/** Whether requests go through a proxy, as Deno decides by the environment. */
function isProxied({ protocol }: URL): boolean {
  const names = [protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY", "ALL_PROXY"];
  return names.flatMap((name) => [name, name.toLowerCase()]).some((variable) =>
    Deno.permissions.querySync({ name: "env", variable }).state === "granted" &&
    (Deno.env.get(variable) ?? "") !== ""
  );
}
