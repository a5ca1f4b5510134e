import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/** An answer whose body has not been read. */
export interface WebAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: AsyncIterable<Uint8Array>;
  /** Ends the connection. */
  close(): void;
}

/**
 * Asks for a URL by connecting to one address, with the URL's name in the Host header and in TLS:
 * the name is not resolved again.
 */
export function sendRequest(url: URL, address: string, signal: AbortSignal): Promise<WebAnswer> {
  const family = ipaddr.parse(address).kind() === "ipv6" ? 6 : 4;
  const lookup: LookupFunction = (_name, options, found) =>
    options.all ? found(null, [{ address, family }]) : found(null, address, family);
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent: false,
      lookup,
      signal,
      headers: { "User-Agent": "showtell", Accept: "image/*", "Accept-Encoding": "identity" },
    }, (answer) => {
      const { statusCode: status = 0, headers } = answer;
      resolve({ status, headers, body: answer, close: () => sent.destroy() });
    });
    sent.on("error", reject);
    sent.end();
  });
}
