import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { TINY_PNG } from "../made_engine.ts";
import { formRequest, madeServer } from "../made_server.ts";

const ignore = !granted("read", "ffi", "env", "sys");
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });

async function statusOf(answer: Promise<Response>): Promise<number> {
  const { status, body } = await answer;
  await body?.cancel();
  return status;
}

test("every answer forbids inline script, sniffing and framing, and allows no other origin", async () => {
  const page = new Map([["/", { body: "<!doctype html>", type: "text/html; charset=utf-8" }]]);
  const { server } = madeServer({ page });
  for (const path of ["/", "/api/model", "/nowhere", "/metrics"]) {
    const { headers, body } = await server.fetch(new Request(`http://localhost${path}`));
    await body?.cancel();
    const policy = headers.get("Content-Security-Policy")!;
    assert(policy.includes("default-src 'none'") && policy.includes("frame-ancestors 'none'"));
    assert(!policy.includes("unsafe"), policy);
    assertEquals(headers.get("X-Content-Type-Options"), "nosniff");
    assertEquals(headers.get("Referrer-Policy"), "no-referrer");
    assertEquals(headers.get("Access-Control-Allow-Origin"), null);
  }
});

test("only this machine's names are answered to, unless told otherwise", async () => {
  const ask = (host: string, options = {}) =>
    statusOf(
      madeServer(options).server.fetch(
        new Request("http://localhost/livez", { headers: { Host: host } }),
      ),
    );
  for (const host of ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"]) {
    assertEquals(await ask(host), 200, host);
  }
  for (
    const host of ["rebound.test", "rebound.test:8000", "localhost.rebound.test", "192.168.1.5"]
  ) {
    assertEquals(await ask(host), 421, host);
    assertEquals(await ask(host, { anyHost: true }), 200, host);
  }
  assertEquals(await ask("captions.test:80", { hosts: ["captions.test"] }), 200);
});

test("pages of other hosts may not post", async () => {
  const { server } = madeServer();
  const ask = (headers: Record<string, string>) =>
    statusOf(server.fetch(formRequest([TINY_PNG], {}, { Host: "localhost:8000", ...headers })));
  assertEquals(await ask({}), 200);
  assertEquals(await ask({ Origin: "http://localhost:8000" }), 200);
  for (const origin of ["http://evil.test", "null", "http://localhost:8001", "http://localhost"]) {
    assertEquals(await ask({ Origin: origin }), 403, origin);
  }
  assertEquals(await ask({ "Sec-Fetch-Site": "cross-site" }), 403);
});

test("X-Forwarded-For counts only where it is trusted, and its last address alone", async () => {
  for (const [trustForwarded, status] of [[false, 429], [true, 200]] as const) {
    const { server, engine } = madeServer({ trustForwarded, limits: { queuedPhotos: 2 } });
    const held = Promise.withResolvers<void>();
    const captionBatch = engine.captionBatch.bind(engine);
    engine.captionBatch = async (...batch) => {
      await held.promise;
      return await captionBatch(...batch);
    };
    const ask = (forwarded: string) =>
      statusOf(
        server.fetch(formRequest([TINY_PNG], {}, { "X-Forwarded-For": forwarded }), "proxy"),
      );
    const first = ask("1.1.1.1, 2.2.2.2");
    while (!(await metricsOf(server)).includes("showtell_queued_photos 1"));
    const second = ask("1.1.1.1, 3.3.3.3");
    if (!trustForwarded) assertEquals(await second, status);
    held.resolve();
    assertEquals([await first, await second], [200, status]);
  }
});

async function metricsOf(server: ReturnType<typeof madeServer>["server"]): Promise<string> {
  return await (await server.fetch(new Request("http://localhost/metrics"))).text();
}

test("paths that have another method answer 405 with Allow, all others 404", async () => {
  const { server } = madeServer();
  const ask = (method: string, path: string) =>
    server.fetch(new Request(`http://localhost${path}`, { method }));
  const wrong = await ask("GET", "/api/captions");
  assertEquals([wrong.status, wrong.headers.get("Allow")], [405, "POST"]);
  assertEquals(Object.keys(await wrong.json()), ["error"]);
  assertEquals(await statusOf(ask("DELETE", "/api/examples/cat")), 405);
  assertEquals(await statusOf(ask("GET", "/api/nothing")), 404);
  assertEquals(await statusOf(ask("HEAD", "/livez")), 200);
});

test("the page's files are compressed as the browser accepts, and known again", async () => {
  const body = "let x = 1; ".repeat(500);
  const { server } = madeServer({
    page: new Map([["/page.js", { body, type: "text/javascript" }]]),
  });
  const ask = (headers: Record<string, string>) =>
    server.fetch(new Request("http://localhost/page.js", { headers }));
  for (const encoding of ["br", "gzip"]) {
    const answer = await ask({ "Accept-Encoding": `deflate, ${encoding}` });
    assertEquals(answer.headers.get("Content-Encoding"), encoding);
    assert((await answer.arrayBuffer()).byteLength < 500);
  }
  const plain = await ask({});
  assertEquals([plain.headers.get("Content-Encoding"), await plain.text()], [null, body]);
  const again = await ask({ "If-None-Match": plain.headers.get("ETag")! });
  assertEquals([again.status, await again.text()], [304, ""]);
});
