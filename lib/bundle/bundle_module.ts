import type { Loader, Plugin } from "esbuild-wasm";

/** Options of {@linkcode bundleModule}. */
export interface BundleOptions {
  /** Modules that the page has by itself: they stay imports. @default {[]} */
  external?: readonly string[];
  /** A comment at the top, such as the licences of what is inside. @default {""} */
  banner?: string;
}

/** Modules that do their work by being imported: this one makes Preact follow signals. */
const HOOKED = ["@preact/signals"];

type Build = typeof import("esbuild-wasm").build;

let starting: Promise<Build> | undefined;

/**
 * A module with all that it imports as one script for browsers; a style sheet likewise. Equal
 * sources give equal bytes.
 *
 * @param entry URL of the module or style sheet
 */
export async function bundleModule(entry: string, options: BundleOptions = {}): Promise<string> {
  const { external = [], banner = "" } = options;
  const build = await (starting ??= start());
  const { outputFiles: [{ text }] } = await build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true, // which also leaves this machine's paths out
    banner: { js: banner },
    write: false,
    plugins: [sources(external)],
  });
  return text;
}

async function start(): Promise<Build> {
  // The same program outside WebAssembly is ten times as fast, but has to be allowed to run.
  const { build, initialize } = await import("esbuild-wasm/esm/browser.js");
  const program = await fetch(import.meta.resolve("esbuild-wasm/esbuild.wasm"));
  const wasmModule = await WebAssembly.compile(await program.arrayBuffer());
  await initialize({ wasmModule, worker: false });
  return build;
}

/** Finds modules as Deno does, and reads them. */
function sources(external: readonly string[]): Plugin {
  return {
    name: "sources",
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer }) => {
        if (external.includes(path)) return { path, external: true };
        const url = /^\.{1,2}\//.test(path)
          ? new URL(path, importer).href
          : import.meta.resolve(path);
        return { path: url, namespace: "source", sideEffects: HOOKED.includes(path) };
      });
      build.onLoad({ filter: /.*/, namespace: "source" }, async ({ path }) => ({
        contents: withoutUnusedZod(await (await fetch(path)).text()),
        loader: loaderOf(path),
      }));
    },
  };
}

function loaderOf(path: string): Loader {
  const loaders: Record<string, Loader> = { ts: "ts", tsx: "tsx", css: "css" };
  return loaders[path.split(".").at(-1)!] ?? "js";
}

/** Of a namespace, esbuild takes only what is used; of `z` everything: 360 KB, with 60 languages. */
function withoutUnusedZod(source: string): string {
  return source.replace('import { z } from "zod";', 'import * as z from "zod";');
}
