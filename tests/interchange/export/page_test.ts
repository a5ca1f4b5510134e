import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { networkOf } from "../../../lib/config/mod.ts";
import { createEncoder, loadNetwork } from "../../../lib/encoders/mod.ts";
import { writeWebExport } from "../../../lib/interchange/mod.ts";
import { startBrowser } from "../../../lib/notebook/mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { madeRun, ownCaptions, variants } from "./made_run.ts";

const allowed = granted("read", "write", "run", "net", "env", "sys");
const browser = allowed ? await findBrowser() : undefined;

const SIZE = 96;
const pixels = Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => (i * i + 7 * i) % 256);

async function findBrowser(): Promise<string | undefined> {
  for (const folder of Deno.env.get("PATH")!.split(":")) {
    const path = join(folder, "chromium");
    if (await Deno.stat(path).catch(() => undefined)) return path;
  }
}

/** The card's own code in a page that has a canvas with the pixels. */
function pageOf(readme: string): string {
  const [, importMap] = /```html\n([^]*?)```/.exec(readme)!;
  const [, code] = /```js\n([^]*?)```/.exec(readme)!;
  return `<!doctype html>${importMap}
<canvas width="${SIZE}" height="${SIZE}"></canvas>
<script type="module">
import * as tf from "@tensorflow/tfjs";
await tf.setBackend("cpu");
const image = document.querySelector("canvas");
const rgba = Uint8ClampedArray.from(${JSON.stringify([...rgbaOf(pixels)])});
image.getContext("2d").putImageData(new ImageData(rgba, ${SIZE}, ${SIZE}), 0, 0);
${code}
globalThis.found = { caption, words, alternatives };
</script>`;
}

function rgbaOf(rgb: Uint8Array): Uint8Array {
  return new Uint8Array(rgb.length / 3 * 4)
    .map((_, i) => i % 4 === 3 ? 255 : rgb[3 * (i >> 2) + i % 4]);
}

Deno.test({
  name: "in Chromium the card's page captions a photo as the run does",
  ignore: browser === undefined,
  fn: async () => {
    await tf.setBackend("cpu");
    const folder = await Deno.makeTempDir();
    const run = madeRun(variants.attention, 160);
    run.decoding.beam = 3;
    const network = await loadNetwork(networkOf(run.encoder));
    const library = new URL("tf.fesm.min.js", import.meta.resolve("@tensorflow/tfjs"));
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    const server = Deno.serve(options, async (request) => {
      const { pathname } = new URL(request.url);
      const file = pathname === "/tf.fesm.min.js" ? library : folder + pathname;
      const type = { html: "text/html", js: "text/javascript" }[pathname.split(".").at(-1)!];
      const headers = { "content-type": type ?? "application/octet-stream" };
      const body = await Deno.readFile(file).catch(() => undefined);
      return new Response(body, { status: body === undefined ? 404 : 200, headers });
    });
    try {
      await writeWebExport(folder, run, network);
      const readme = await Deno.readTextFile(`${folder}/README.md`);
      await Deno.writeTextFile(`${folder}/index.html`, pageOf(readme));
      const encoder = await createEncoder(networkOf(run.encoder));
      const expected = await ownCaptions(run, await encoder.encode(pixels, 1));
      encoder.dispose();
      const chromium = await startBrowser(browser!);
      try {
        const page = await chromium.newPage();
        const problems: string[] = [];
        page.on("pageerror", (error) => problems.push(String(error)));
        await page.goto(`http://127.0.0.1:${server.addr.port}/index.html`);
        const found = page.waitForFunction("globalThis.found", undefined, { timeout: 60_000 });
        const handle = await found.catch((error) => {
          throw new Error(`${error.message}; the page said: ${problems.join("; ") || "nothing"}`);
        });
        const { caption, words, alternatives } = await handle.jsonValue() as typeof expected;
        assertEquals([caption, alternatives.map(({ caption }) => caption)], [
          expected.caption,
          expected.alternatives.map(({ caption }) => caption),
        ]);
        assert(caption.length > 0);
        words.forEach(({ word, probability }, i) => {
          assertEquals(word, expected.words[i].word);
          assert(Math.abs(probability - expected.words[i].probability) < 1e-6);
        });
      } finally {
        await chromium.close();
      }
    } finally {
      network.model.dispose();
      await server.shutdown();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
