import { bundleModule } from "../../bundle/mod.ts";

/** The room whose `mod.ts` a page gets, with all that it imports. */
const ENTRY = new URL("../../captioner/mod.ts", import.meta.url).href;

let bundling: Promise<string> | undefined;

/**
 * `lib/captioner`, the code that captions everywhere else too, as one script for browsers, which
 * imports `@tensorflow/tfjs` alone. Made once per process; equal sources give equal bytes.
 */
export function bundleCaptioner(): Promise<string> {
  return bundling ??= bundle();
}

async function bundle(): Promise<string> {
  const banner = await licences();
  return await bundleModule(ENTRY, { external: ["@tensorflow/tfjs"], banner });
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
