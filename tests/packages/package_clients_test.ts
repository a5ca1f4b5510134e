import { failureOf } from "../../lib/packages/package_clients.ts";
import { assert, assertEquals } from "../assert.ts";

const NO_MATCH = "ERROR: Could not find a version that satisfies the requirement x==1 (from " +
  "versions: none)\nERROR: No matching distribution found for x==1\n";

const retry = (error: string) =>
  "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after " +
  `connection broken by '${error}': /simple/x/\n`;

Deno.test("failureOf() gives pip's own reason where the index cannot be reached", () => {
  const reasons = {
    "Failed to establish a new connection: [Errno -2] Name or service not known": retry(
      "NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f1a>: " +
        "Failed to establish a new connection: [Errno -2] Name or service not known')",
    ),
    "HTTPSConnection(host='pip', port=443): Failed to resolve 'pip'": retry(
      `NameResolutionError("HTTPSConnection(host='pip', port=443): Failed to resolve 'pip'")`,
    ),
    "HTTPSConnectionPool(host='a', port=443): Read timed out. (read timeout=15)": retry(
      `ReadTimeoutError("HTTPSConnectionPool(host='a', port=443): Read timed out. (read timeout=15)")`,
    ),
    "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)": retry(
      "SSLError(SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)'))",
    ),
    "'Cannot connect to proxy.', OSError('Tunnel connection failed: 403')": retry(
      "ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 403'))",
    ),
  };
  for (const [reason, warning] of Object.entries(reasons)) {
    const failure = failureOf(warning + NO_MATCH);
    assert(failure.startsWith(`the package index cannot be reached (${reason}); check`), failure);
  }
});

Deno.test("failureOf() gives uv's last cause where the index cannot be reached", () => {
  const failure = failureOf(
    "error: Failed to fetch: `https://host/simple/x/`\n  Caused by: Request failed after 3 " +
      "retries\n  Caused by: error sending request for url (https://host/simple/x/)\n" +
      "  Caused by: dns error: failed to lookup address information\n",
  );
  const reason = "dns error: failed to lookup address information";
  assert(failure.startsWith(`the package index cannot be reached (${reason})`), failure);
});

Deno.test("failureOf() otherwise gives the last error, or the last line", () => {
  assertEquals(failureOf(NO_MATCH), "ERROR: No matching distribution found for x==1");
  assertEquals(
    failureOf("ERROR: No space left on device\nWARNING: a newer pip is there\n"),
    "ERROR: No space left on device",
  );
  assertEquals(failureOf("error: unexpected\n"), "error: unexpected");
  assertEquals(failureOf(""), "no reason given");
});
