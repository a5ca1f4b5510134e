import type sharp from "sharp";

/** sharp, loaded when first asked for, set for many photos at once on a thread each. */
export async function loadSharp(): Promise<typeof sharp> {
  const { default: sharp } = await import("sharp");
  sharp.cache(false); // no photo is read twice
  sharp.concurrency(1);
  return sharp;
}
