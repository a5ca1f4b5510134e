import { display } from "./kernel.ts";
import { svgImage } from "./svg_image.ts";

/**
 * Shows a drawing; outside a notebook its words are printed.
 *
 * @param words what it shows, for those who cannot see it; the first line is its name
 */
export async function showSvg(svg: string, words: string): Promise<void> {
  await display({
    "text/html": svgImage(svg, words.split("\n")[0]),
    "image/svg+xml": svg,
    "text/plain": words,
  });
}
