import { visible } from "../text/mod.ts";
import { escapeHtml } from "./html.ts";
import { display } from "./kernel.ts";
import { picture } from "./picture.ts";

/** A photo to show: its file's bytes or path, and the text below it. */
export interface PhotoToShow {
  /** The file's content; any format that sharp reads. */
  bytes?: Uint8Array;
  /** The file's path, used if there are no bytes. */
  path?: string;
  /** Below the photo; several are written one per line. */
  caption?: string | string[];
  /** Smaller, below the caption. */
  note?: string;
}

/** Options of {@linkcode showPhotos}. */
export interface ShowPhotosOptions {
  /** Photos side by side. @default {4} */
  columns?: number;
  /** Longest side of the embedded pictures, in pixels. @default {256} */
  size?: number;
  /** Shown above. */
  title?: string;
}

/**
 * Shows photos with their captions in a grid, as small pictures embedded in the notebook. For a
 * photo that cannot be decoded the reason is shown.
 */
export async function showPhotos(
  photos: PhotoToShow[],
  { columns = 4, size = 256, title }: ShowPhotosOptions = {},
): Promise<void> {
  const figures = await Promise.all(photos.map((photo) => figure(photo, size)));
  const heading = title === undefined ? "" : `<h4>${escapeHtml(title)}</h4>`;
  const grid = `display: grid; grid-template-columns: repeat(${columns}, minmax(0, 1fr)); ` +
    `gap: 16px; max-width: ${columns * (size + 16)}px`;
  const first = photos.map(({ caption }) => [caption].flat()[0]).find((caption) => caption);
  await display({
    "text/html": `${heading}<div style="${grid}">${figures.join("")}</div>`,
    "text/plain": visible(
      `${title ?? "Photos"}: ${photos.length}` + (first ? `, "${first}" …` : ""),
    ),
  });
}

async function figure(photo: PhotoToShow, size: number): Promise<string> {
  const captions = [photo.caption ?? []].flat().map((line) => `<div>${escapeHtml(line)}</div>`);
  const note = photo.note === undefined
    ? ""
    : `<div style="opacity: 0.7; font-size: 85%">${escapeHtml(photo.note)}</div>`;
  const { bytes, path, caption } = photo;
  const alt = [caption ?? path ?? "photo"].flat().join("; ");
  return `<figure style="margin: 0">${await picture(bytes ?? path ?? "", { size, alt })}` +
    `<figcaption style="margin-top: 4px">${captions.join("")}${note}</figcaption></figure>`;
}
