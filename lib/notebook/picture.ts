import { readInput } from "../storage/mod.ts";
import { escapeHtml } from "./html.ts";

/**
 * An image element that holds the photo itself, made small; for a photo that cannot be decoded,
 * what says why.
 *
 * @param photo its file's content or path
 * @param size longest side, in pixels
 */
export async function picture(
  photo: Uint8Array | string,
  { size, alt }: { size: number; alt: string },
): Promise<string> {
  const { default: sharp } = await import("sharp");
  try {
    const input = typeof photo === "string" ? await readInput(photo) : photo;
    const small = sharp(input).rotate() // as EXIF says
      .resize({ width: size, height: size, fit: "inside", withoutEnlargement: true });
    const { hasAlpha } = await sharp(input).metadata();
    const encoded = await (hasAlpha ? small.png() : small.jpeg({ quality: 82 })).toBuffer();
    const type = hasAlpha ? "image/png" : "image/jpeg";
    const source = `data:${type};base64,${new Uint8Array(encoded).toBase64()}`;
    return `<img src="${source}" alt="${escapeHtml(alt)}" style="width: 100%; border-radius: 4px">`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `<div style="padding: 24px 8px; border: 1px dashed">` +
      `${escapeHtml(typeof photo === "string" ? photo : "photo")} cannot be shown: ` +
      `${escapeHtml(reason)}</div>`;
  }
}
