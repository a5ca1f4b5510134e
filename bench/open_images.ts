/**
 * Photos per second from a server that answers after 20 ms with 20 kB, without resizing, compared
 * with what that latency allows for the number of concurrent requests.
 */
import { parseArgs } from "node:util";
import { fetchPhotos } from "../lib/datasets/open_images/fetch_photos.ts";
import { bucketSettings } from "../lib/datasets/open_images/settings.ts";

const LATENCY = 20;

const { values } = parseArgs({
  options: {
    concurrency: { type: "string", default: String(bucketSettings.parse({}).concurrency) },
    seconds: { type: "string", default: "5" },
    serve: { type: "boolean", default: false },
  },
});

/** A process of its own, as any server is. */
function serve(): void {
  const body = new Uint8Array(20_000).map((_, at) => at * 31 | 1);
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => console.log(`http://127.0.0.1:${port}`),
  }, async () => {
    await new Promise((done) => setTimeout(done, LATENCY));
    return new Response(body);
  });
}

async function measure(): Promise<void> {
  const concurrency = Number(values.concurrency);
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", new URL(import.meta.url).pathname, "--serve"],
    stdout: "piped",
  }).spawn();
  const { value } = await server.stdout.getReader().read();
  const endpoint = new TextDecoder().decode(value).trim();
  const folder = await Deno.makeTempDir();
  try {
    const allowed = concurrency / LATENCY * 1000;
    const ids = Array.from(
      { length: Math.ceil(allowed * Number(values.seconds)) },
      (_, index) => index.toString(16).padStart(16, "0"),
    );
    const bucket = bucketSettings.parse({ endpoint, hosts: [new URL(endpoint).host], concurrency });
    const began = performance.now();
    await fetchPhotos(ids, folder, { bucket, resize: false, allowed: 0 }, {});
    const photosPerSecond = ids.length / (performance.now() - began) * 1000;
    console.log(JSON.stringify({
      concurrency,
      photosPerSecond: Math.round(photosPerSecond),
      ofWhatLatencyAllows: Number((photosPerSecond / allowed).toFixed(3)),
    }));
  } finally {
    server.kill("SIGKILL");
    await server.status;
    await Deno.remove(folder, { recursive: true });
  }
}

if (values.serve) serve();
else {
  await measure();
  Deno.exit();
}
