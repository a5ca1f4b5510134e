import { listen } from "../../../app/server/mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { MadeEngine, TINY_PNG } from "../made_engine.ts";
import { formRequest, gate, jsonRequest, madeServer, TINY_BASE64, until } from "../made_server.ts";

const ignore = !granted("read", "ffi", "env", "sys", "net");
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });

/** An engine whose batches wait until a gate opens. */
function heldEngine() {
  const { wait, open } = gate();
  const engine = new MadeEngine({ pause: (step) => step === "reading" ? wait() : undefined });
  return { engine, open };
}

/** A request for captions over the network. */
function ask(url: string, { signal = null as AbortSignal | null, accept = "*/*" } = {}) {
  const form = new FormData();
  form.append("photos", new Blob([TINY_PNG]), "a.png");
  const headers = { Accept: accept };
  return fetch(`${url}api/captions`, { method: "POST", body: form, headers, signal });
}

async function queued(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}metrics`)).text();
  return Number(/^showtell_queued_photos (\d+)$/m.exec(metrics)![1]);
}

for (const accept of ["*/*", "text/event-stream"]) {
  test(`no work is done for clients that left (${accept})`, async () => {
    const { engine, open } = heldEngine();
    const { server } = madeServer({ engine });
    const listening = listen(server, { port: 0 });
    const { url } = listening;
    try {
      const first = ask(url);
      await until(() => engine.batches.length === 1);
      const client = new AbortController();
      const leaving = Array.from({ length: 20 }, async () => {
        const answer = await ask(url, { signal: client.signal, accept });
        await answer.text();
      });
      while (await queued(url) < 21);
      client.abort();
      for (const { status } of await Promise.allSettled(leaving)) assertEquals(status, "rejected");
      while (await queued(url) > 1);
      open();
      assertEquals((await (await first).json()).captions.length, 1);
      assertEquals([engine.batches.length, engine.answered], [1, 1]);
      const metrics = await (await fetch(`${url}metrics`)).text();
      assert(metrics.includes('showtell_photos_dropped_total{reason="left"} 20'), metrics);
    } finally {
      open();
      await listening.stop();
    }
  });
}

test("stop() says no at once, answers what was accepted, refuses what is new, then closes", async () => {
  const { engine, open } = heldEngine();
  const { server } = madeServer({ engine });
  const listening = listen(server, { port: 0 });
  const { url } = listening;
  const accepted = [ask(url), ask(url, { accept: "text/event-stream" })];
  while (await queued(url) < 2);
  assertEquals(await statusOf(fetch(`${url}readyz`)), 200);
  const stopped = listening.stop();
  assertEquals(await statusOf(fetch(`${url}readyz`)), 503);
  assertEquals(await statusOf(fetch(`${url}livez`)), 200);
  const refused = await ask(url);
  assertEquals([refused.status, refused.headers.get("Retry-After")], [503, "5"]);
  await refused.body?.cancel();
  open();
  const [json, stream] = await Promise.all(accepted);
  assertEquals((await json.json()).captions[0].caption, "a photo of 70 bytes");
  assert((await stream.text()).endsWith("event: done\ndata: {}\n\n"));
  await stopped;
  await listening.stop();
  const closed = await fetch(url).then(() => false, () => true);
  assert(closed);
});

async function statusOf(answer: Promise<Response>): Promise<number> {
  const { status, body } = await answer;
  await body?.cancel();
  return status;
}

test("stop() gives up what takes longer than its limit", async () => {
  const { engine, open } = heldEngine();
  const { server } = madeServer({ engine });
  const listening = listen(server, { port: 0, drainSeconds: 0.05 });
  const asked = ask(listening.url).then((answer) => answer.text()).catch(() => "given up");
  await until(() => engine.batches.length === 1);
  await listening.stop();
  assertEquals(await asked, "given up");
  open();
});

test("a full queue answers 503, a client over its share 429, both with Retry-After", async () => {
  const { engine, open } = heldEngine();
  const { server } = madeServer({ engine, limits: { queuedPhotos: 4, clientShare: 0.5 } });
  const post = (client: string) => server.fetch(formRequest([TINY_PNG, TINY_PNG]), client);
  const accepted = [post("a")];
  await until(() => engine.batches.length === 1);
  const share = await post("a");
  accepted.push(post("b"));
  const full = await post("c");
  for (const [answer, status] of [[share, 429], [full, 503]] as const) {
    assertEquals([answer.status, answer.headers.get("Retry-After")], [status, "1"]);
    await answer.body?.cancel();
  }
  open();
  for (const answer of await Promise.all(accepted)) {
    assertEquals(answer.status, 200);
    await answer.body?.cancel();
  }
});

test("photos past the deadline in X-Deadline-Ms are not computed, and answered with 408", async () => {
  const { engine, open } = heldEngine();
  const { server } = madeServer({ engine });
  const first = server.fetch(formRequest([TINY_PNG]));
  await until(() => engine.batches.length === 1);
  const photos = [{ base64: TINY_BASE64 }];
  const late = server.fetch(jsonRequest({ photos }, { "X-Deadline-Ms": "0" }));
  const patient = server.fetch(jsonRequest({ photos }, { "X-Deadline-Ms": "600000" }));
  open();
  const answers = await Promise.all([first, late, patient]);
  assertEquals(answers.map(({ status }) => status), [200, 408, 200]);
  const [, { error }] = await Promise.all(answers.map((answer) => answer.json()));
  assertEquals(error, "The deadline passed before its turn came.");
  assertEquals(engine.answered, 2);
});

test("a photo whose client leaves before it waits counts as dropped", async () => {
  const { server, engine } = madeServer();
  const client = new AbortController();
  const asked = server.fetch(formRequest([TINY_PNG], {}, {}, client.signal));
  client.abort();
  await (await asked).body?.cancel();
  const metrics = await (await server.fetch(new Request("http://localhost/metrics"))).text();
  assert(metrics.includes('showtell_photos_dropped_total{reason="left"} 1'), metrics);
  assertEquals(engine.batches.length, 0);
});
