import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { AllowedHosts, download, type DownloadOptions, sha256 } from "../../lib/storage/mod.ts";

const content = new Uint8Array(300_000).map((_, i) => (i * 31 + (i >> 8)) % 256);
const quick = { minDelay: 1, stallTimeout: 5000 };

interface Server {
  url: string;
  path: string;
  requests: Headers[];
  said: string[];
  /** Downloads from the server into a new folder. */
  download(options?: DownloadOptions): Promise<void>;
  names(): string[];
}

type Handler = (request: Request, count: number) => Response | Promise<Response>;

/** A test with a server of its own, which answers the n-th request with `handler(request, n)`. */
function testWithServer(name: string, handler: Handler, fn: (server: Server) => Promise<void>) {
  Deno.test({
    name,
    ignore: !granted("read", "write", "net"),
    sanitizeOps: false, // connections cut on purpose
    sanitizeResources: false,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      const requests: Headers[] = [];
      const said: string[] = [];
      const server = Deno.serve(
        { port: 0, hostname: "127.0.0.1", onListen: () => {}, onError: () => new Response() },
        (request) => handler(request, requests.push(new Headers(request.headers)) - 1),
      );
      const url = `http://127.0.0.1:${server.addr.port}/weights.h5`;
      const path = `${folder}/deep/weights.h5`;
      const hosts = new AllowedHosts([url], { named: [new URL(url).host] });
      const options = { ...quick, hosts, say: (line: string) => said.push(line) };
      try {
        await fn({
          url,
          path,
          requests,
          said,
          download: (more) => download(url, path, { ...options, ...more }),
          names: () => [...Deno.readDirSync(`${folder}/deep`)].map(({ name }) => name).sort(),
        });
      } finally {
        await server.shutdown();
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** Answers as a server with ranges does; the body breaks off after `bytes` bytes. */
function serve(request: Request, { bytes = Infinity, etag = '"one"', body = content } = {}) {
  const range = /^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "");
  const wanted = request.headers.get("if-range");
  const from = range && (wanted === null || wanted === etag) ? Number(range[1]) : 0;
  if (from >= body.length) return new Response("", { status: 416 });
  const rest = body.subarray(from);
  const headers: Record<string, string> = { etag, "content-length": `${rest.length}` };
  if (range && from > 0) {
    headers["content-range"] = `bytes ${from}-${body.length - 1}/${body.length}`;
  }
  const status = from > 0 ? 206 : 200;
  return new Response(bytes < rest.length ? broken(rest.subarray(0, bytes)) : rest, {
    status,
    headers,
  });
}

/** A body that breaks off after these bytes were on their way. */
function broken(bytes: Uint8Array<ArrayBuffer>): ReadableStream {
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(bytes);
      await new Promise((resolve) => setTimeout(resolve, 50));
      controller.error(new Error("cut"));
    },
  });
}

testWithServer(
  "download() fetches the file with progress, and does nothing if it exists",
  (request) => serve(request),
  async ({ path, requests, download, names }) => {
    const progress: [string, number, number][] = [];
    const onProgress = (...step: [string, number, number]) => progress.push(step);
    const options = { sha256: sha256(content), onProgress };
    await download(options);
    assertEquals(await Deno.readFile(path), content);
    assertEquals(names(), ["weights.h5"]);
    assertEquals(progress[0], ["Download", 0, 300_000]);
    assertEquals(progress.at(-1), ["Download", 300_000, 300_000]);
    await download(options);
    assertEquals(requests.length, 1);
  },
);

testWithServer(
  "download() resumes by Range with If-Range after a cut connection",
  (request, count) => serve(request, { bytes: count < 2 ? 100_000 : Infinity }),
  async ({ path, requests, said, download }) => {
    await download({ sha256: sha256(content) });
    assertEquals(await Deno.readFile(path), content);
    const ranges = requests.map((headers) => headers.get("range"));
    assertEquals(ranges[0], null);
    assertEquals(ranges.slice(1), ["bytes=100000-", "bytes=200000-"]);
    assertEquals(requests[1].get("if-range"), '"one"');
    assertEquals(said.length, 2);
  },
);

testWithServer(
  "download() resumes where an earlier call gave up",
  (request, count) => serve(request, { bytes: count === 0 ? 100_000 : Infinity }),
  async ({ path, requests, download, names }) => {
    await assertRejects(() => download({ retries: 0 }), Error, "it resumes where it stopped");
    assertEquals(names(), ["weights.h5.part", "weights.h5.part.json"]);
    await download();
    assertEquals(await Deno.readFile(path), content);
    assertEquals(requests[1].get("range"), "bytes=100000-");
    assertEquals(names(), ["weights.h5"]);
  },
);

const newer = content.map((byte) => 255 - byte);
testWithServer(
  "download() starts from scratch when the file behind the URL has changed",
  (request, count) =>
    count === 0
      ? serve(request, { bytes: 100_000 })
      : serve(request, { etag: '"two"', body: newer }),
  async ({ path, download }) => {
    await download();
    assertEquals(await Deno.readFile(path), newer);
  },
);

testWithServer(
  "download() starts from scratch when the server ignores Range",
  (request, count) => serve(new Request(request.url), { bytes: count === 0 ? 100_000 : Infinity }),
  async ({ path, download }) => {
    await download({ sha256: sha256(content) });
    assertEquals(await Deno.readFile(path), content);
  },
);

testWithServer(
  "download() without validator or checksum never joins parts of two answers",
  (_, count) => {
    const headers = { "content-length": `${content.length}` };
    return new Response(count === 0 ? broken(content.subarray(0, 9)) : newer, { headers });
  },
  async ({ path, requests, download }) => {
    await download();
    assertEquals(await Deno.readFile(path), newer);
    assertEquals(requests[1].get("range"), null);
  },
);

testWithServer(
  "download() honours 503 with Retry-After",
  (request, count) =>
    count === 0
      ? new Response("", { status: 503, headers: { "retry-after": "1" } })
      : serve(request),
  async ({ path, said, download }) => {
    const start = performance.now();
    await download();
    assert(performance.now() - start >= 1000, "waited");
    assertEquals(await Deno.readFile(path), content);
    assert(said[0].includes("503 Service Unavailable and asked to wait 1 second;"), said[0]);
  },
);

testWithServer(
  "download() gives up at once on 404, in a sentence with the URL and what to do",
  () => new Response("no", { status: 404 }),
  async ({ url, path, requests, download, names }) => {
    const error = await assertRejects(() => download(), Error, "answered 404 Not Found");
    assert(error.message.startsWith(`Cannot download ${url}: `));
    assert(error.message.includes(`put the file at ${path} yourself`));
    assertEquals(requests.length, 1);
    assert(!names().includes("weights.h5"));
  },
);

testWithServer(
  "download() gives up after so many attempts without progress",
  () => new Response("", { status: 500 }),
  async ({ requests, download }) => {
    await assertRejects(() => download({ retries: 2 }), Error, "500");
    assertEquals(requests.length, 3);
  },
);

testWithServer(
  "download() gives up an attempt that receives nothing for a while",
  (request, count) =>
    count > 0 ? serve(request) : new Response(
      new ReadableStream({ start: (controller) => controller.enqueue(content.subarray(0, 10)) }),
      { headers: { etag: '"one"', "content-length": `${content.length}` } },
    ),
  async ({ path, requests, said, download }) => {
    await download({ stallTimeout: 200 });
    assertEquals(await Deno.readFile(path), content);
    assert(said[0].includes("no data arrived for 0.2 seconds"), said[0]);
    assertEquals(requests[1].get("range"), "bytes=10-");
  },
);

testWithServer(
  "download() refuses a wrong checksum and keeps nothing",
  (request) => serve(request),
  async ({ download, names, requests }) => {
    const wrong = "0".repeat(64);
    const expected = `sha256 ${sha256(content)} instead of ${wrong}`;
    await assertRejects(() => download({ sha256: wrong }), Error, expected);
    await assertRejects(() => download({ md5: "0".repeat(32) }), Error, "md5");
    assert(!names().includes("weights.h5"));
    assertEquals(requests.length, 2);
  },
);

testWithServer(
  "download() replaces a file of a wrong checksum, says so, and takes md5",
  (request) => serve(request),
  async ({ path, said, download }) => {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, "not it");
    await download({ md5: createHash("md5").update(content).digest("hex").toUpperCase() });
    assertEquals(await Deno.readFile(path), content);
    assert(said[0].includes("downloading it again"), said[0]);
  },
);

testWithServer(
  "download() starts from scratch when the left part is not of this file",
  (request) => serve(request),
  async ({ url, path, said, requests, download }) => {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(`${path}.part`, new Uint8Array(1000));
    const state = { url, validator: '"one"', total: content.length };
    await Deno.writeTextFile(`${path}.part.json`, JSON.stringify(state));
    await download({ sha256: sha256(content) });
    assertEquals(await Deno.readFile(path), content);
    assertEquals(requests.map((headers) => headers.get("range")), ["bytes=1000-", null]);
    assert(said[0].includes("starting from scratch"), said[0]);
  },
);

testWithServer(
  "download() drops what came when the server sends more than it announced",
  (request, count) => {
    if (count === 0) return serve(request, { bytes: 1000 });
    if (count > 1) return serve(request);
    const headers = { etag: '"one"', "content-range": `bytes 1000-${content.length - 1}/2000` };
    return new Response(content.subarray(1000), { status: 206, headers });
  },
  async ({ path, said, requests, download }) => {
    await download();
    assertEquals(await Deno.readFile(path), content);
    assert(said[1].includes("more than the 2000 bytes announced"), said[1]);
    assertEquals(requests[2].get("range"), null);
  },
);

testWithServer(
  "download() starts from scratch on 416",
  (request) => serve(request, { body: newer.subarray(0, 500) }),
  async ({ url, path, download }) => {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(`${path}.part`, new Uint8Array(1000));
    const state = { url, validator: '"one"', total: content.length };
    await Deno.writeTextFile(`${path}.part.json`, JSON.stringify(state));
    await download();
    assertEquals(await Deno.readFile(path), newer.slice(0, 500));
  },
);

testWithServer(
  "download() ends with the signal's reason and leaves the part",
  (request) => serve(request, { bytes: 1000 }),
  async ({ download, names }) => {
    const controller = new AbortController();
    const reason = new DOMException("stopped", "AbortError");
    const onProgress = (_: string, done: number) => done > 0 && controller.abort(reason);
    const stopped = download({ signal: controller.signal, onProgress });
    await assertRejects(() => stopped, DOMException, "stopped");
    assertEquals(names(), ["weights.h5.part", "weights.h5.part.json"]);
  },
);

testWithServer(
  "download() by two at once fetches once",
  async (request) => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return serve(request);
  },
  async ({ path, requests, said, download }) => {
    await Promise.all([download(), download()]);
    assertEquals(await Deno.readFile(path), content);
    assertEquals(requests.length, 1);
    assert(said[0].includes("waiting"), said[0]);
  },
);

Deno.test({
  name: "download() from where nothing listens says so",
  ignore: !granted("read", "write", "net"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    const url = `http://127.0.0.1:${port}/x`;
    const hosts = new AllowedHosts([url], { named: [new URL(url).host] });
    const attempt = () => download(url, `${folder}/x`, { ...quick, hosts, retries: 1 });
    const error = await assertRejects(attempt, Error, `Cannot download ${url}: `);
    assert(/refused/i.test(error.message), error.message);
    await Deno.remove(folder, { recursive: true });
  },
});
