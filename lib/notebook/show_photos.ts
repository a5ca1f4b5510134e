import { escapeHtml } from "./html.ts";
import { display } from "./kernel.ts";

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
    "text/plain": `${title ?? "Photos"}: ${photos.length}` + (first ? `, "${first}" …` : ""),
  });
}

async function figure(photo: PhotoToShow, size: number): Promise<string> {
  const captions = [photo.caption ?? []].flat().map((line) => `<div>${escapeHtml(line)}</div>`);
  const note = photo.note === undefined
    ? ""
    : `<div style="opacity: 0.7; font-size: 85%">${escapeHtml(photo.note)}</div>`;
  return `<figure style="margin: 0">${await picture(photo, size)}` +
    `<figcaption style="margin-top: 4px">${captions.join("")}${note}</figcaption></figure>`;
}

async function picture({ bytes, path, caption }: PhotoToShow, size: number): Promise<string> {
  const { default: sharp } = await import("sharp");
  const alt = escapeHtml([caption ?? path ?? "photo"].flat().join("; "));
  try {
    const input = bytes ?? await Deno.readFile(path ?? "");
    const small = sharp(input).rotate() // as EXIF says
      .resize({ width: size, height: size, fit: "inside", withoutEnlargement: true });
    const { hasAlpha } = await sharp(input).metadata();
    const encoded = await (hasAlpha ? small.png() : small.jpeg({ quality: 82 })).toBuffer();
    const type = hasAlpha ? "image/png" : "image/jpeg";
    const source = `data:${type};base64,${new Uint8Array(encoded).toBase64()}`;
    return `<img src="${source}" alt="${alt}" style="width: 100%; border-radius: 4px">`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `<div style="padding: 24px 8px; border: 1px dashed">` +
      `${escapeHtml(path ?? "photo")} cannot be shown: ${escapeHtml(reason)}</div>`;
  }
}
