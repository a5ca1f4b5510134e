import { captionsAnswer, regionsAnswer } from "../../../app/api/schemas.ts";
import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { TINY_PNG } from "../made_engine.ts";
import { eventsOf, formRequest, jsonRequest, madeServer, TINY_BASE64 } from "../made_server.ts";

const ignore = !granted("read", "ffi", "env", "sys");
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });

test("POST /api/captions answers a form and JSON alike", async () => {
  const { server, engine } = madeServer();
  const fields = { beam: "2", lengthNormalisation: "0.5", alternatives: "1", model: "photos" };
  const form = await server.fetch(formRequest([[TINY_PNG, "a.png"]], fields));
  const json = await server.fetch(jsonRequest({
    photos: [{ base64: `data:image/png;base64,${TINY_BASE64}`, name: "a.png" }],
    ...{ beam: 2, lengthNormalisation: 0.5, alternatives: 1, model: "photos" },
  }));
  const [a, b] = [await form.json(), await json.json()];
  assertEquals([form.status, json.status], [200, 200]);
  assertEquals(a, b);
  assertEquals(captionsAnswer.parse(a), a);
  assertEquals(a.captions[0].caption, "a photo of 70 bytes");
  assertEquals(a.captions[0].alternatives.length, 1);
  assertEquals(engine.batches.map(({ options }) => options), [
    { model: "photos", beam: 2, lengthNormalisation: 0.5 },
    { model: "photos", beam: 2, lengthNormalisation: 0.5 },
  ]);
});

test("POST /api/captions decodes as the run does unless told otherwise, without details", async () => {
  const { server, engine } = madeServer();
  const { captions } = await (await server.fetch(formRequest([TINY_PNG]))).json();
  assertEquals(engine.batches[0].options, { model: "shapes", beam: 3, lengthNormalisation: 0 });
  assertEquals([captions[0].alternatives.length, "details" in captions[0]], [2, false]);
  const detailed = await server.fetch(formRequest([TINY_PNG], { details: "true" }));
  const answer = await detailed.json();
  assertEquals(captionsAnswer.parse(answer), answer);
  assertEquals(answer.captions[0].details.novelty, 0.995);
});

test("POST /api/captions keeps the request's order and names photos", async () => {
  const { server } = madeServer();
  const photos = [
    { base64: TINY_BASE64, name: "b.png" },
    { url: "http://photos.test/a.png" },
    { base64: TINY_BASE64 },
  ];
  const answer = await server.fetch(jsonRequest({ photos }));
  const { captions } = await answer.json();
  assertEquals(captions.map(({ photo }: { photo: string }) => photo), [
    "b.png",
    "http://photos.test/a.png",
    "photo 3",
  ]);
  assert(captions[1].error.includes("--allow-urls"), captions[1].error);
});

test("POST /api/captions fetches web addresses where that is allowed", async () => {
  const urls = {
    resolve: () => Promise.resolve(["8.8.8.8"]),
    send: () =>
      Promise.resolve({ status: 200, headers: {}, body: bytesOnce(TINY_PNG), close() {} }),
  };
  const { server } = madeServer({ urls });
  const answer = await server.fetch(jsonRequest({ photos: [{ url: "http://photos.test/a" }] }));
  assertEquals((await answer.json()).captions[0].caption, "a photo of 70 bytes");
});

async function* bytesOnce(bytes: Uint8Array) {
  yield await Promise.resolve(bytes);
}

test("a streamed answer tells steps and words in order, then each caption, then the end", async () => {
  const { server } = madeServer();
  const broken = new TextEncoder().encode("<html>");
  const headers = { Accept: "text/event-stream" };
  const answer = await server.fetch(formRequest([TINY_PNG, broken], {}, headers));
  assertEquals([answer.status, answer.headers.get("Content-Type")], [200, "text/event-stream"]);
  const events = await eventsOf(answer);
  const ofFirst = events.filter(({ data }) => data.photo === 0 || data.index === 0);
  assertEquals(ofFirst.map(({ event, data }) => data.step ?? data.word ?? event), [
    ...["queued", "reading", "features", "a", "photo", "of", "70", "bytes", "words", "caption"],
  ]);
  const { index, ...caption } = ofFirst.at(-1)!.data;
  captionsAnswer.parse({ model: "shapes", captions: [caption] });
  assertEquals([index, caption.caption], [0, "a photo of 70 bytes"]);
  const other = events.filter(({ data }) => data.index === 1);
  assertEquals(other.map(({ data }) => Object.keys(data).sort()), [["error", "index", "photo"]]);
  assertEquals(events.at(-1), { event: "done", data: {} });
});

test("a fault of the engine is a 500 that tells nothing of it, or an event", async () => {
  const faults: unknown[] = [];
  const { server, engine } = madeServer({ onFault: (error) => faults.push(error) });
  engine.captionBatch = () => Promise.reject(new Error("secret"));
  const answer = await server.fetch(formRequest([TINY_PNG]));
  assertEquals([answer.status, (await answer.text()).includes("secret")], [500, false]);
  const headers = { Accept: "text/event-stream" };
  const events = await eventsOf(await server.fetch(formRequest([TINY_PNG], {}, headers)));
  assertEquals(events.map(({ event }) => event), ["step", "caption", "done"]);
  assert(!JSON.stringify(events).includes("secret"));
  assertEquals(faults.length, 2);
});

test("POST /api/regions answers a form and JSON alike, and refuses what is no photo", async () => {
  const { server } = madeServer();
  const post = (body: BodyInit, headers: HeadersInit = {}) =>
    server.fetch(new Request("http://localhost/api/regions", { method: "POST", body, headers }));
  const json = (body: unknown) =>
    post(JSON.stringify(body), { "Content-Type": "application/json" });
  const form = new FormData();
  form.append("photo", new Blob([TINY_PNG]), "a.png");
  for (const word of ["a", "photo"]) form.append("words", word);
  const a = await (await post(form)).json();
  const b = await (await json({ photo: { base64: TINY_BASE64 }, words: ["a", "photo"] })).json();
  assertEquals(a, b);
  assertEquals(regionsAnswer.parse(a), a);
  assertEquals((await json({ photo: { base64: btoa("x") }, words: ["a"] })).status, 422);
  assertEquals((await json({ photo: { base64: TINY_BASE64 }, words: [] })).status, 422);
});

test("POST /api/preview answers with a JPEG", async () => {
  const { server } = madeServer();
  const answer = await server.fetch(
    new Request("http://localhost/api/preview", {
      method: "POST",
      body: JSON.stringify({ photo: { base64: TINY_BASE64 } }),
      headers: { "Content-Type": "application/json" },
    }),
  );
  const bytes = new Uint8Array(await answer.arrayBuffer());
  assertEquals([answer.headers.get("Content-Type"), bytes[0], bytes[1]], ["image/jpeg", 255, 216]);
});
