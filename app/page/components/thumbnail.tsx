/// <reference lib="dom" />
import type { Photo } from "../state/photos.ts";
import { Icon } from "./icon.tsx";

/** A photo, small and square; a sign where it cannot be shown. */
export function Thumbnail({ photo, alt }: { photo: Photo; alt: string }) {
  const preview = photo.preview.value;
  return preview === undefined
    ? (
      <span class="blank" role="img" aria-label={alt || undefined}>
        <Icon name="photo" />
      </span>
    )
    : <img src={preview} alt={alt} loading="lazy" />;
}
