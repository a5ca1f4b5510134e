import { createHash } from "node:crypto";
import {
  AllowedHosts,
  AttemptError,
  fetchBytes as fetchAllowedBytes,
  type FetchBytesOptions,
} from "../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

const content = new Uint8Array(50_000).map((_, i) => (i * 31) % 251);
const md5 = createHash("md5").update(content).digest("hex");
const options = { stallTimeout: 5000, etagIsMd5: true };

/** From this machine, as a setting allows. */
function fetchBytes(url: string, options: FetchBytesOptions) {
  const hosts = new AllowedHosts([url], { named: [new URL(url).host] });
  return fetchAllowedBytes(url, { hosts, ...options });
}

/** A test with a server that sends these bytes as they are, then closes or stays silent. */
function test(
  name: string,
  answer: { head: string; body?: Uint8Array; silent?: boolean },
  fn: (url: string) => Promise<void>,
) {
  Deno.test({
    name: `fetchBytes() ${name}`,
    ignore: !granted("net"),
    sanitizeOps: false, // connections cut on purpose
    sanitizeResources: false,
    fn: async () => {
      const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const serving = (async () => {
        for await (const connection of listener) {
          await connection.read(new Uint8Array(1 << 14));
          const head = new TextEncoder().encode(answer.head.replaceAll("\n", "\r\n"));
          const all = new Blob([head, (answer.body ?? new Uint8Array()) as BlobPart]);
          const bytes = new Uint8Array(await all.arrayBuffer());
          for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
          if (answer.silent) await connection.read(new Uint8Array(1)).catch(() => null);
          connection.close();
        }
      })();
      try {
        await fn(`http://127.0.0.1:${listener.addr.port}/photo.jpg`);
      } finally {
        listener.close();
        await serving.catch(() => {});
      }
    },
  });
}

const ok = `HTTP/1.1 200 OK\nETag: "${md5}"\n`;
const length = `Content-Length: ${content.length}\n\n`;
const chunk = `Transfer-Encoding: chunked\n\n${content.length.toString(16)}\n`;

test(
  "gives what came whole, proven by an MD5",
  { head: ok + length, body: content },
  async (url) => {
    assertEquals(await fetchBytes(url, options), { bytes: content, proven: true });
    assertEquals((await fetchBytes(url, { stallTimeout: 5000 }))!.proven, false);
  },
);

test("refuses a body that ends before its length", {
  head: "HTTP/1.1 200 OK\n" + length,
  body: content.subarray(1),
}, async (url) => {
  await assertRejects(() => fetchBytes(url, options), AttemptError);
});

test("refuses chunks that end without the last one", {
  head: "HTTP/1.1 200 OK\n" + chunk,
  body: content,
}, async (url) => {
  await assertRejects(() => fetchBytes(url, options), AttemptError);
});

test("refuses bytes of another MD5 than the ETag", {
  head: ok + length,
  body: content.with(7, 0),
}, async (url) => {
  const error = await assertRejects(() => fetchBytes(url, options), AttemptError, md5);
  assertEquals((error as AttemptError).wait, 0);
  assertEquals((await fetchBytes(url, { stallTimeout: 5000 }))!.bytes.length, content.length);
});

const encrypted = `${ok}x-amz-server-side-encryption: aws:kms\n${length}`;
test("takes no ETag of an object that S3 encrypted by a key for an MD5", {
  head: encrypted,
  body: content.with(7, 0),
}, async (url) => {
  assertEquals((await fetchBytes(url, options))!.proven, false);
});

test("takes no ETag of an upload in parts for an MD5", {
  head: `HTTP/1.1 200 OK\nETag: "${md5}-2"\n${length}`,
  body: content,
}, async (url) => {
  assertEquals((await fetchBytes(url, options))!.proven, false);
});

test(
  "gives undefined for 404",
  { head: "HTTP/1.1 404 Not Found\nContent-Length: 0\n\n" },
  async (url) => {
    assertEquals(await fetchBytes(url, options), undefined);
  },
);

test("tells what passes from what does not", {
  head: "HTTP/1.1 403 Forbidden\nContent-Length: 0\n\n",
}, async (url) => {
  const error = await assertRejects(() => fetchBytes(url, options), AttemptError, "403 Forbidden");
  assertEquals((error as AttemptError).wait, Infinity);
});

test("refuses what is larger than allowed though nothing announced it", {
  head: ok + chunk,
  body: content,
  silent: true,
}, async (url) => {
  const fetching = () => fetchBytes(url, { ...options, maxBytes: 1 << 15 });
  await assertRejects(fetching, AttemptError, "more than");
});

test("gives a silent server up, or is aborted with the signal's reason", {
  head: ok + length,
  body: content.subarray(9),
  silent: true,
}, async (url) => {
  const impatient = () => fetchBytes(url, { stallTimeout: 50 });
  await assertRejects(impatient, AttemptError, "no data arrived for 0.05 seconds");
  const controller = new AbortController();
  const fetching = fetchBytes(url, { ...options, signal: controller.signal });
  setTimeout(() => controller.abort(new RangeError("enough")), 20);
  const error = await assertRejects(() => fetching, RangeError, "enough");
  assert(!(error instanceof AttemptError));
});
