import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { avifOfSize, plainPhoto, pngOfSize, textBytes } from "../made_photos.ts";
import { TINY_PNG } from "../made_engine.ts";
import { CAPTIONS, formRequest, jsonRequest, madeServer, TINY_BASE64 } from "../made_server.ts";

const ignore = !granted("read", "ffi", "env", "sys");
const SVG = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><text>&x;</text></svg>`;

/** A photo that is refused, and a part of the sentence that says why. */
const refused: [
  string,
  () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>,
  string,
][] = [
  ["a PNG of 50,000 × 50,000", () => pngOfSize(50_000, 50_000), "more than the 64 million"],
  ["an AVIF of 50,000 × 50,000", () => avifOfSize(50_000, 50_000), "more than the 64 million"],
  ["a truncated JPEG", async () => (await plainPhoto("jpeg")).slice(0, -20), "truncated"],
  ["HTML", () => textBytes("<!doctype html><script>alert(1)</script>"), "a web page (HTML)"],
  ["an SVG with script and external entity", () => textBytes(SVG), "an SVG drawing"],
  ["a PDF", () => textBytes("%PDF-1.7\n%\n1 0 obj"), "PDF"],
  ["text", () => textBytes("hello"), "not a photo"],
  ["nothing", () => new Uint8Array(), "empty"],
  ["a PNG of nothing but its signature", () => TINY_PNG.slice(0, 8), "not a photo"],
  ["a PNG that ends in its header", () => TINY_PNG.slice(0, 30), "damaged"],
];

for (const [what, make, why] of refused) {
  Deno.test({
    name: `hostile: ${what}, named .png, is refused by what it is`,
    ignore,
    fn: async () => {
      const { server, engine } = madeServer();
      const bytes = await make();
      for (
        const request of [
          formRequest([[bytes, "cat.png"]]),
          jsonRequest({ photos: [{ base64: bytes.toBase64() || "=" }] }),
        ]
      ) {
        const answer = await server.fetch(request);
        const { error, captions } = await answer.json();
        assertEquals(answer.status, 422);
        assertEquals(captions[0].error, error);
        assert(bytes.length === 0 || error.includes(why), error);
      }
      assertEquals(engine.batches, []);
    },
  });
}

Deno.test({
  name: "hostile: one photo that cannot be read does not spoil the others",
  ignore,
  fn: async () => {
    const { server } = madeServer();
    const answer = await server.fetch(formRequest([TINY_PNG, [textBytes(SVG), "b.svg"], TINY_PNG]));
    const { captions } = await answer.json();
    assertEquals(answer.status, 200);
    assertEquals(captions.map((each: object) => "error" in each), [false, true, false]);
  },
});

/** Bytes without end, and how many were read. */
function endless(headers: Record<string, string>): { request: Request; read: () => number } {
  let read = 0;
  const body = new ReadableStream({
    pull(controller) {
      read += 1_000_000;
      controller.enqueue(new Uint8Array(1_000_000));
      if (read === 100_000_000) controller.close();
    },
  });
  const request = new Request(CAPTIONS, { method: "POST", body, headers });
  return { request, read: () => read };
}

for (const type of ["application/json", "multipart/form-data; boundary=x"]) {
  Deno.test({
    name: `hostile: 100 MB of ${type} are refused before they are read`,
    ignore,
    fn: async () => {
      const { server } = madeServer({ limits: { bodyBytes: 5_000_000 } });
      const told = endless({ "Content-Type": type, "Content-Length": "100000000" });
      assertEquals((await server.fetch(told.request)).status, 413);
      assert(told.read() <= 1_000_000, "what is announced is not read");
      const untold = endless({ "Content-Type": type });
      const { status } = await server.fetch(untold.request);
      assertEquals(status, type === "application/json" ? 413 : 400);
      assert(untold.read() <= 8_000_000, `${untold.read()} bytes were read`);
    },
  });
}

function parts(number: number, content: string, name = "photos"): string {
  const part = `--x\r\nContent-Disposition: form-data; name="${name}"; filename="a.png"\r\n\r\n` +
    `${content}\r\n`;
  return `${part.repeat(number)}--x--\r\n`;
}

function rawForm(body: BodyInit, type = "multipart/form-data; boundary=x"): Request {
  return new Request(CAPTIONS, { method: "POST", body, headers: { "Content-Type": type } });
}

/** A whole request that is refused, with its status. */
const refusedRequests: [string, () => Request, number][] = [
  ["10,000 photos in a form", () => rawForm(parts(10_000, "x")), 413],
  [
    "10,000 photos as JSON",
    () => jsonRequest({ photos: Array.from({ length: 10_000 }, () => ({ base64: TINY_BASE64 })) }),
    422,
  ],
  ["10,000 fields in a form", () => rawForm(parts(10_000, "1", "beam")), 413],
  ["a photo of 21 MB", () => formRequest([new Uint8Array(21_000_000)]), 413],
  ["a header of 20 kB in a form", () => rawForm(parts(1, "x", "n".repeat(20_000))), 413],
  ["a form that does not end", () => rawForm(parts(1, "x").slice(0, -8)), 400],
  ["a form without its beginning", () => rawForm("photos=1"), 400],
  ["a form without boundary", () => rawForm("", "multipart/form-data"), 400],
  [
    "a boundary of 100 letters",
    () => rawForm("", `multipart/form-data; boundary=${"x".repeat(100)}`),
    400,
  ],
  [
    "a part without name",
    () => rawForm("--x\r\nContent-Type: image/png\r\n\r\na\r\n--x--\r\n"),
    400,
  ],
  ["an empty form", () => rawForm(""), 400],
  ["a form without photos", () => formRequest([], { beam: "3" }), 422],
  ["an unknown field", () => formRequest([TINY_PNG], { bean: "3" }), 422],
  ["a repeated field", () => rawForm(parts(2, "3", "beam")), 422],
  ["a beam of 10,000", () => formRequest([TINY_PNG], { beam: "10000" }), 422],
  ["a model that is not loaded", () => formRequest([TINY_PNG], { model: "../../etc" }), 422],
  ["wrong JSON", () => jsonRequest('{"photos": ['), 400],
  ["JSON of another shape", () => jsonRequest([1, 2]), 422],
  ["JSON of no photos", () => jsonRequest({ photos: [] }), 422],
  ["deep JSON", () => jsonRequest("[".repeat(100_000) + "]".repeat(100_000)), 422],
  ["JSON that is not UTF-8", () =>
    new Request(CAPTIONS, {
      method: "POST",
      body: Uint8Array.of(0x22, 0xff, 0x22),
      headers: { "Content-Type": "application/json" },
    }), 400],
  [
    "a prototype in JSON",
    () => jsonRequest('{"__proto__": {"photos": [{"base64": "AA=="}]}}'),
    422,
  ],
  ["a body of another type", () => rawForm("a=1", "application/x-www-form-urlencoded"), 415],
  ["no body", () => new Request(CAPTIONS, { method: "POST" }), 415],
  ["a deadline in words", () => jsonRequest({}, { "X-Deadline-Ms": "soon" }), 400],
];

for (const [what, request, status] of refusedRequests) {
  Deno.test({
    name: `hostile: ${what} is answered with ${status} and one sentence`,
    ignore,
    fn: async () => {
      const { server, engine } = madeServer();
      const answer = await server.fetch(request());
      const { error, ...rest } = await answer.json();
      assertEquals([answer.status, typeof error, rest], [status, "string", {}]);
      assertEquals(engine.batches, []);
    },
  });
}

Deno.test({
  name: "hostile: a slow body is given up with 408",
  ignore,
  fn: async () => {
    for (const limit of ["pieceMilliseconds", "bodyMilliseconds"]) {
      const { server } = madeServer({ limits: { [limit]: 20 } });
      let isCancelled = false;
      const body = new ReadableStream({
        async pull(controller) {
          if (limit === "pieceMilliseconds") return await new Promise<void>(() => {});
          await new Promise((resolve) => setTimeout(resolve, 5));
          controller.enqueue(textBytes(" "));
        },
        cancel() {
          isCancelled = true;
        },
      });
      const headers = { "Content-Type": "application/json" };
      const request = new Request(CAPTIONS, { method: "POST", body, headers });
      const answer = await server.fetch(request);
      assertEquals([answer.status, (await answer.json()).error, isCancelled], [
        408,
        "The body arrives too slowly.",
        true,
      ]);
    }
  },
});

Deno.test({
  name:
    "hostile: file names are text: ../, script and control characters reach nothing but the answer",
  ignore,
  fn: async () => {
    const { server } = madeServer();
    const names = [
      "../../etc/passwd",
      "<script>alert(1)</script>.png",
      "a\u202egnp.exe",
      "n".repeat(999),
    ];
    const answer = await server.fetch(formRequest(names.map((name) => [TINY_PNG, name])));
    const { captions } = await answer.json();
    assertEquals(answer.headers.get("Content-Type"), "application/json");
    assertEquals(answer.headers.get("X-Content-Type-Options"), "nosniff");
    assertEquals(captions.map(({ photo }: { photo: string }) => photo), [
      ...names.slice(0, 2),
      "agnp.exe",
      "n".repeat(255),
    ]);
  },
});

for (
  const path of [
    "/../deno.json",
    "/..%2f..%2fetc/passwd",
    "/api/examples/..%2f..%2fdeno.json",
    "/%00",
  ]
) {
  Deno.test({
    name: `hostile: the path ${path} leads nowhere`,
    ignore,
    fn: async () => {
      const page = new Map([["/", { body: "page", type: "text/html" }]]);
      const { server } = madeServer({ page });
      const answer = await server.fetch(new Request(`http://localhost${path}`));
      assertEquals(answer.status, 404);
      await answer.body?.cancel();
    },
  });
}

Deno.test({
  name: "hostile: uploads that are held at a time are limited, and their room comes back",
  ignore,
  fn: async () => {
    const { server } = madeServer({ limits: { heldBytes: 200 } });
    const large = await server.fetch(jsonRequest({ photos: [{ base64: "A".repeat(400) }] }));
    assertEquals([large.status, large.headers.get("Retry-After")], [503, "1"]);
    await large.body?.cancel();
    for (let i = 0; i < 5; i++) {
      const answer = await server.fetch(jsonRequest({ photos: [{ base64: TINY_BASE64 }] }));
      assertEquals(answer.status, 200);
      await answer.body?.cancel();
    }
  },
});
