import type sharp from "sharp";

/** sharp, loaded on first use and set up for many photos at once, with one thread each. */
export async function loadSharp(): Promise<typeof sharp> {
  const { default: sharp } = await import("sharp");
  sharp.cache(false); // no photo is read twice
  sharp.concurrency(1);
  return sharp;
}
