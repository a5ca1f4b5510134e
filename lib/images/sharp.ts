import type sharp from "sharp";

let loading: Promise<typeof sharp> | undefined;

/** sharp, loaded when first asked for, set for many photos at once on a thread each. */
export function loadSharp(): Promise<typeof sharp> {
  return loading ??= import("sharp").then(({ default: sharp }) => {
    sharp.cache(false); // no photo is read twice
    sharp.concurrency(1);
    return sharp;
  });
}
