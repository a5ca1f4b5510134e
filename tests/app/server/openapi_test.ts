import { examplesAnswer, modelsAnswer } from "../../../app/api/schemas.ts";
import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { madeCard, MadeEngine, TINY_PNG } from "../made_engine.ts";
import { formRequest, madeServer } from "../made_server.ts";

const ignore = !granted("read", "ffi", "env", "sys");
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });

test("/openapi.json names every route of the API, and its references lead somewhere", async () => {
  const { server } = madeServer();
  const document = await (await server.fetch(new Request("http://localhost/openapi.json"))).json();
  assertEquals(document.openapi, "3.1.0");
  assertEquals(Object.keys(document.paths).sort(), [
    "/api/captions",
    "/api/examples",
    "/api/examples/drawn/{seed}",
    "/api/examples/{id}",
    "/api/model",
    "/api/preview",
    "/api/regions",
    "/livez",
    "/metrics",
    "/readyz",
  ]);
  const schemas = document.components.schemas;
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)];
  assert(references.length > 5);
  for (const [, name] of references) assert(name in schemas, name);
  const { content } = document.paths["/api/captions"].post.requestBody;
  const form = content["multipart/form-data"].schema;
  assertEquals(form.properties.photos.items, { type: "string", format: "binary" });
  assertEquals(form.properties.beam.type, "integer");
  assertEquals(form.required, ["photos"]);
});

test("GET /api/model and /api/examples answer as their schemas say", async () => {
  const cat = { id: "cat", kind: "photo" as const, title: "cat", source: "someone, public domain" };
  const examples = [{ ...cat, bytes: TINY_PNG, type: "image/png" }];
  const { server } = madeServer({ examples });
  const get = (path: string) => server.fetch(new Request(`http://localhost${path}`));
  const model = await (await get("/api/model")).json();
  assertEquals(modelsAnswer.parse(model), model);
  assertEquals(model.models.map(({ name }: { name: string }) => name), ["shapes", "photos"]);
  assertEquals([model.urls, model.limits], [false, { photos: 64, photoBytes: 20_000_000 }]);
  const listed = await (await get("/api/examples?model=photos")).json();
  assertEquals(examplesAnswer.parse(listed), listed);
  const kinds = listed.examples.map(({ kind }: { kind: string }) => kind);
  assertEquals(kinds, ["photo", "drawn", "dev", "dev"]);
  for (const { url } of listed.examples) {
    const answer = await get(url);
    assertEquals([answer.status, answer.headers.get("Content-Type")], [200, "image/png"], url);
    await answer.body?.cancel();
  }
  for (const path of ["dog", "dev-0-0", "dev-9-0", "dev-1-9", "drawn/-1", "drawn/1e9"]) {
    const answer = await get(`/api/examples/${path}`);
    assertEquals(answer.status, 404, path);
    await answer.body?.cancel();
  }
});

test("GET /api/examples/:id answers 404 where a dev photo's file is gone or is no photo", async () => {
  const devPhoto = new TextEncoder().encode("text");
  const engine = new MadeEngine({ devPhoto, models: [madeCard("a", { devPhotos: ["a.jpg"] })] });
  const { server } = madeServer({ engine });
  const answer = await server.fetch(new Request("http://localhost/api/examples/dev-0-0"));
  assertEquals(answer.status, 404);
  await answer.body?.cancel();
});

test("GET /metrics counts requests, photos, batches and seconds", async () => {
  const { server } = madeServer();
  await (await server.fetch(formRequest([TINY_PNG, TINY_PNG]))).body?.cancel();
  const answer = await server.fetch(new Request("http://localhost/metrics"));
  const text = await answer.text();
  for (
    const line of [
      'showtell_requests_total{route="/api/captions",method="POST",status="200"} 1',
      'showtell_photos_total{outcome="captioned"} 2',
      "showtell_queued_photos 0",
      'showtell_request_seconds_count{route="/api/captions"} 1',
      "showtell_batch_seconds_count",
    ]
  ) assert(text.includes(line), `${line} is not in\n${text}`);
  const names = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  assert(names.every((name) => name.startsWith("showtell_")));
});
