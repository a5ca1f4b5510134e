import {
  type FetchOptions,
  PHOTO_LIMITS,
  PhotoFetcher,
  RefusedPhotoError,
} from "../../../app/photos/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { TINY_PNG } from "../made_engine.ts";

const signal = new AbortController().signal;

/** A fetcher whose network is made: what was asked of which address, and answers by URL. */
function made(
  answers: Record<string, { status: number; location?: string }>,
  addresses: string[][],
) {
  const asked: string[] = [];
  const names: string[] = [];
  const options: FetchOptions = {
    resolve(name) {
      names.push(name);
      return Promise.resolve(addresses.shift() ?? []);
    },
    send(url, address) {
      asked.push(`${url.href} at ${address}`);
      const { status, location } = answers[url.href];
      return Promise.resolve({
        status,
        headers: { location },
        body: new ReadableStream({
          start(controller) {
            controller.enqueue(TINY_PNG);
            controller.close();
          },
        }),
        close() {},
      });
    },
  };
  return { fetcher: new PhotoFetcher(PHOTO_LIMITS, options), asked, names };
}

/** Addresses that are never asked, and a part of the sentence that says why. */
const refused: [string, string][] = [
  ["file:///etc/passwd", "Only http: and https:"],
  ["ftp://8.8.8.8/a.png", "Only http: and https:"],
  ["data:image/png;base64,AA==", "Only http: and https:"],
  ["javascript:alert(1)", "Only http: and https:"],
  ["not a url", "not a valid URL"],
  ["http://user:word@8.8.8.8/", "user name or password"],
  ["http://127.0.0.1/", "private network"],
  ["http://127.0.0.1:8000/", "private network"],
  ["http://[::1]/", "private network"],
  ["http://[::ffff:127.0.0.1]/", "private network"],
  ["http://[::ffff:7f00:1]/", "private network"],
  ["http://[::127.0.0.1]/", "private network"],
  ["http://[64:ff9b::127.0.0.1]/", "private network"],
  ["http://2130706433/", "private network"],
  ["http://0x7f000001/", "private network"],
  ["http://0177.0.0.1/", "private network"],
  ["http://127.1/", "private network"],
  ["http://0/", "private network"],
  ["http://１２７.0.0.1/", "private network"],
  ["http://169.254.169.254/latest/meta-data/", "private network"],
  ["http://nowhere.test/", "not known"],
];

for (const [url, why] of refused) {
  Deno.test(`hostile: ${url} is not fetched`, async () => {
    const { fetcher, asked } = made({}, []);
    await assertRejects(() => fetcher.fetch(url, signal), RefusedPhotoError, why);
    assertEquals(asked, []);
  });
}

Deno.test("hostile: a name that resolves to a private address, also beside a public one, is not fetched", async () => {
  for (
    const addresses of [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["fd00::1"], ["169.254.169.254"]]
  ) {
    const { fetcher, asked } = made({}, [addresses]);
    const url = "http://innocent.test/";
    await assertRejects(() => fetcher.fetch(url, signal), RefusedPhotoError, "private network");
    assertEquals(asked, []);
  }
});

Deno.test("hostile: a name that resolves differently the second time is resolved once, and that address is asked", async () => {
  const url = "http://rebinding.test/a.png";
  const { fetcher, asked, names } = made({ [url]: { status: 200 } }, [["8.8.8.8"], ["127.0.0.1"]]);
  assertEquals(await fetcher.fetch(url, signal), TINY_PNG);
  assertEquals([asked, names], [[`${url} at 8.8.8.8`], ["rebinding.test"]]);
});

Deno.test("hostile: redirects are checked like addresses", async () => {
  for (
    const location of [
      "http://127.0.0.1/",
      "//[::1]/",
      "http://private.test/",
      "file:///etc/passwd",
    ]
  ) {
    const url = "http://public.test/";
    const { fetcher, asked } = made({ [url]: { status: 302, location } }, [["8.8.8.8"], [
      "10.0.0.1",
    ]]);
    await assertRejects(() => fetcher.fetch(url, signal), RefusedPhotoError);
    assertEquals(asked, [`${url} at 8.8.8.8`]);
  }
});

Deno.test("PhotoFetcher follows five redirects and no more", async () => {
  const url = (i: number) => `http://public.test/${i}`;
  const answers = Object.fromEntries(
    Array.from({ length: 9 }, (_, i) => [url(i), { status: 301, location: `/${i + 1}` }]),
  );
  const addresses = () => Array.from({ length: 9 }, () => ["8.8.8.8"]);
  const endless = made(answers, addresses());
  await assertRejects(() => endless.fetcher.fetch(url(0), signal), RefusedPhotoError, "5 times");
  assertEquals(endless.asked.length, 6);
  const { fetcher } = made({ ...answers, [url(5)]: { status: 200 } }, addresses());
  assertEquals(await fetcher.fetch(url(0), signal), TINY_PNG);
});

Deno.test({
  name:
    "PhotoFetcher fetches from a private host that is allowed by name, connecting to its checked address",
  ignore: !granted("net"),
  fn: async () => {
    const hosts: (string | null)[] = [];
    const network = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
    function answer(request: Request): Response {
      hosts.push(request.headers.get("Host"));
      const { pathname } = new URL(request.url);
      if (pathname === "/large") return new Response(new Uint8Array(2000));
      if (pathname === "/slow") return new Response(new ReadableStream()); // never ends
      if (pathname === "/moved") {
        return Response.redirect(`http://127.0.0.1:${network.addr.port}/`, 302);
      }
      return new Response(TINY_PNG, { status: pathname === "/lost" ? 404 : 200 });
    }
    const host = `photos.test:${network.addr.port}`;
    const limits = { ...PHOTO_LIMITS, photoBytes: 1000, fetchMilliseconds: 500 };
    const resolve = () => Promise.resolve(["127.0.0.1"]);
    const fetcher = new PhotoFetcher(limits, { privateHosts: [host], resolve });
    try {
      assertEquals(new Uint8Array(await fetcher.fetch(`http://${host}/`, signal)), TINY_PNG);
      assertEquals(hosts, [host]);
      for (
        const [path, why] of [
          ["large", "larger than 1000 bytes"],
          ["slow", "too long"],
          ["lost", "404"],
          ["moved", "private network"],
        ]
      ) {
        const fetched = () => fetcher.fetch(`http://${host}/${path}`, signal);
        await assertRejects(fetched, RefusedPhotoError, why);
      }
      const gone = AbortSignal.abort(new Error("left"));
      await assertRejects(() => fetcher.fetch(`http://${host}/`, gone), Error, "left");
      assert(hosts.length <= 6);
    } finally {
      await network.shutdown();
    }
  },
});
