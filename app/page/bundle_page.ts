import { bundleModule } from "../../lib/bundle/mod.ts";

/** A file of the page as it is sent. */
export interface PageFile {
  body: string;
  /** The Content-Type. */
  type: string;
}

const here = (name: string) => new URL(name, import.meta.url).href;

/** The page's files by the path under which the page asks for them. */
export async function bundlePage(): Promise<ReadonlyMap<string, PageFile>> {
  const script = "text/javascript; charset=utf-8";
  const banner = await licences();
  return new Map<string, PageFile>([
    ["/", { body: await read("index.html"), type: "text/html; charset=utf-8" }],
    ["/icon.svg", { body: await read("icon.svg"), type: "image/svg+xml" }],
    ["/page.js", { body: await bundleModule(here("main.tsx"), { banner }), type: script }],
    ["/training_curve.js", { body: await bundleModule(here("training_curve.ts")), type: script }],
    ["/page.css", { body: await bundleModule(here("page.css")), type: "text/css; charset=utf-8" }],
  ]);
}

async function read(name: string): Promise<string> {
  return await (await fetch(here(name))).text();
}

/** Of the packages in the script, which ask for it. */
async function licences(): Promise<string> {
  const packages = ["preact", "@preact/signals", "@preact/signals-core"];
  const texts = await Promise.all(packages.map(async (name) => {
    const licence = new URL("../LICENSE", import.meta.resolve(name)); // modules lie in dist/
    return `${name}\n\n${await (await fetch(licence)).text()}`;
  }));
  return `/*!\n${texts.join("\n")}*/`;
}
