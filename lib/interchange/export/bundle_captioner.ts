import type { Plugin } from "esbuild-wasm";

/** The room whose `mod.ts` a page gets, with all that it imports. */
const ENTRY = new URL("../../captioner/mod.ts", import.meta.url).href;

/** What the page itself has. */
const OUTSIDE = "@tensorflow/tfjs";

let bundling: Promise<string> | undefined;

/**
 * `lib/captioner`, the code that captions everywhere else too, as one script for browsers, which
 * imports `@tensorflow/tfjs` alone. Made once per process; equal sources give equal bytes.
 */
export function bundleCaptioner(): Promise<string> {
  return bundling ??= bundle();
}

async function bundle(): Promise<string> {
  // The same program outside WebAssembly is ten times as fast, but has to be allowed to run.
  const { build, initialize } = await import("esbuild-wasm/esm/browser.js");
  const program = await fetch(import.meta.resolve("esbuild-wasm/esbuild.wasm"));
  const wasmModule = await WebAssembly.compile(await program.arrayBuffer());
  await initialize({ wasmModule, worker: false });
  const { outputFiles: [{ text }] } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true, // which also leaves this machine's paths out
    banner: { js: await licences() },
    write: false,
    plugins: [sources],
  });
  return text;
}

/** Finds modules as Deno does, and reads them. */
const sources: Plugin = {
  name: "sources",
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path, importer }) => {
      if (path === OUTSIDE) return { path, external: true };
      const url = /^\.{1,2}\//.test(path)
        ? new URL(path, importer).href
        : import.meta.resolve(path);
      return { path: url, namespace: "source", sideEffects: false };
    });
    build.onLoad({ filter: /.*/, namespace: "source" }, async ({ path }) => ({
      contents: withoutUnusedZod(await readText(path)),
      loader: path.endsWith(".ts") ? "ts" : "js",
    }));
  },
};

/** Of a namespace, esbuild takes only what is used; of `z` everything: 360 KB, with 60 languages. */
function withoutUnusedZod(source: string): string {
  return source.replace('import { z } from "zod";', 'import * as z from "zod";');
}

/** The two licences ask to go along. */
async function licences(): Promise<string> {
  const own = await readText(new URL("../../../LICENSE", import.meta.url).href);
  const zod = await readText(new URL("LICENSE", import.meta.resolve("zod")).href);
  return `/*!\nShowtell\n\n${own}\nZod\n\n${zod}*/`;
}

async function readText(url: string): Promise<string> {
  return await (await fetch(url)).text();
}
