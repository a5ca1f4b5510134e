import { escapeHtml } from "./html.ts";

/**
 * A drawing as an image element: cleaned HTML, as of a notebook that is not trusted, keeps it where
 * an svg element would be dropped.
 *
 * @param words for those who cannot see it
 */
export function svgImage(svg: string, words: string): string {
  const source = `data:image/svg+xml;base64,${new TextEncoder().encode(svg).toBase64()}`;
  return `<img src="${source}" alt="${escapeHtml(words)}" style="max-width: 100%">`;
}
