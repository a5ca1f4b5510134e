/// <reference lib="dom" />
import type { Photo } from "../state/photos.ts";
import { photoSource } from "./photo_source.ts";

/** Asks the server once for a picture of what the browser cannot show; without one, none is shown. */
export async function loadPreview(photo: Photo): Promise<void> {
  if (photo.isPreviewAsked) return;
  photo.isPreviewAsked = true;
  try {
    const source = await photoSource(photo.source, photo.name);
    const response = await fetch("/api/preview", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ photo: source }),
    });
    if (response.ok) photo.preview.value = URL.createObjectURL(await response.blob());
  } catch {
    // The caption's own request tells what is wrong.
  }
}
