import { RequestFailure } from "../api/request_failure.ts";
import { LOOPBACK_NAMES, type ServerOptions } from "./server_options.ts";

/** Headers of every answer: nothing but this server's own files is loaded, run or framed. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/**
 * Refuses requests that a web page of another host makes.
 *
 * @throws {RequestFailure} 421 for another name of this machine, 403 for a POST from another page
 */
export function checkSameSite(request: Request, options: ServerOptions): void {
  const host = request.headers.get("Host") ?? new URL(request.url).host;
  const name = host.replace(/:\d*$/, "").toLowerCase();
  if (!options.anyHost && !(options.hosts ?? LOOPBACK_NAMES).includes(name)) {
    throw new RequestFailure(421, "This server does not answer to that host name.");
  }
  if (request.method === "GET" || request.method === "HEAD") return;
  const origin = request.headers.get("Origin");
  const isForeign = origin !== null && URL.parse(origin)?.host !== host.toLowerCase();
  if (isForeign || request.headers.get("Sec-Fetch-Site") === "cross-site") {
    throw new RequestFailure(403, "Pages of other hosts may not use this server.");
  }
}
