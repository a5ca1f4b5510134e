/// <reference lib="dom" />
import { captionsCsv } from "../saving/captions_csv.ts";
import { saveFile, saveJson } from "../saving/save_file.ts";
import { shown } from "../state/models.ts";
import { captionOf, photos, removePhoto } from "../state/photos.ts";
import { texts } from "../state/texts.ts";
import { GalleryItem } from "./gallery_item.tsx";
import { Icon } from "./icon.tsx";

/** All photos with their captions, to edit and to take along. */
export function Gallery() {
  const t = texts.value.gallery;
  const all = () =>
    photos.value.flatMap((photo) =>
      shown.value.flatMap(({ name: model }) => {
        const answer = photo.results.value[model]?.answer;
        if (answer === undefined) return [];
        const caption = captionOf(photo, model)!;
        const edited = photo.edited.value !== undefined;
        return [{ ...answer, photo: photo.name, caption, edited, model }];
      })
    );
  const csv = () => saveFile("captions.csv", new Blob([captionsCsv(all())], { type: "text/csv" }));
  return (
    <section class="gallery" aria-labelledby="gallery">
      <header>
        <h2 id="gallery">{t.title(photos.value.length)}</h2>
        <div class="buttons">
          <button type="button" onClick={csv}>
            <Icon name="save" />
            {t.csv}
          </button>
          <button type="button" onClick={() => saveJson("captions.json", all())}>
            <Icon name="save" />
            {t.json}
          </button>
          <button type="button" onClick={() => photos.value.forEach(removePhoto)}>
            <Icon name="close" />
            {t.clear}
          </button>
        </div>
      </header>
      <ul>
        {photos.value.map((photo) => <GalleryItem key={photo.id} photo={photo} />)}
      </ul>
    </section>
  );
}
