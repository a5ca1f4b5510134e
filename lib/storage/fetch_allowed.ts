import { type AllowedHosts, RefusedAddressError } from "./allowed_hosts.ts";

const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Like `fetch`, from allowed hosts alone: every redirect is checked before it is followed.
 *
 * @throws {RefusedAddressError} if an address may not be fetched
 */
export async function fetchAllowed(
  url: string,
  init: RequestInit,
  hosts: AllowedHosts,
): Promise<Response> {
  let from: URL | undefined;
  let at = new URL(url);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    await hosts.check(at, from);
    const response = await fetch(at, { ...init, redirect: "manual" });
    const location = response.headers.get("location");
    if (!REDIRECTS.has(response.status) || location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, at);
    if (next === null) throw new RefusedAddressError(`${at} redirects to no valid address`);
    [from, at] = [at, next];
  }
  throw new RefusedAddressError(
    `${url} redirects more than ${MOST_REDIRECTS} times: use the file's own address`,
  );
}
