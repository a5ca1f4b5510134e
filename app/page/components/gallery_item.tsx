/// <reference lib="dom" />
import { shown } from "../state/models.ts";
import { captionOf, current, currentId, type Photo, removePhoto } from "../state/photos.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "./icon.tsx";
import { Thumbnail } from "./thumbnail.tsx";

/** One photo of the gallery. */
export function GalleryItem({ photo }: { photo: Photo }) {
  const t = texts.value;
  const model = shown.value[0]?.name ?? "";
  const result = photo.results.value[model];
  const caption = captionOf(photo, model);
  const open = () => {
    currentId.value = photo.id;
    document.querySelector(".stage")?.scrollIntoView({ block: "nearest" });
  };
  return (
    <li class={photo === current.value ? "item current" : "item"}>
      <button type="button" class="open" aria-label={t.gallery.open(photo.name)} onClick={open}>
        <Thumbnail photo={photo} alt="" />
      </button>
      <button
        type="button"
        class="remove"
        aria-label={t.remove(photo.name)}
        onClick={() => removePhoto(photo)}
      >
        <Icon name="close" />
      </button>
      {caption === undefined
        ? <p class={result?.error ? "failed" : "pending"}>{result?.error ?? t.steps.waiting}</p>
        : (
          <textarea
            aria-label={t.gallery.captionOf(photo.name)}
            rows={3}
            value={caption}
            onInput={({ currentTarget }) => photo.edited.value = currentTarget.value}
          />
        )}
      <small>{photo.name}</small>
    </li>
  );
}
