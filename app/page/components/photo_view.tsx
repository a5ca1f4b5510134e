/// <reference lib="dom" />
import { type Signal, useSignal } from "@preact/signals";
import { loadPreview } from "../service/load_preview.ts";
import { lookedKey } from "../service/look.ts";
import type { ChosenWord, Photo } from "../state/photos.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "./icon.tsx";
import { Spotlight } from "./spotlight.tsx";

interface Props {
  photo: Photo;
  chosenWord: Signal<ChosenWord | undefined>;
}

/** The photo, dimmed where the model did not look for the chosen word. */
export function PhotoView({ photo, chosenWord }: Props) {
  const size = useSignal({ width: 4, height: 3 });
  const onError = () => {
    photo.preview.value = undefined;
    loadPreview(photo); // the server may be able to show what this browser cannot, such as HEIC
  };
  const onLoad = (
    { currentTarget: { naturalWidth, naturalHeight } }: { currentTarget: HTMLImageElement },
  ) => {
    size.value = { width: naturalWidth, height: naturalHeight };
  };
  const { looked, noPreview, photoAlt } = texts.value;
  const chosen = chosenWord.value;
  const words = chosen && photo.results.value[chosen.model]?.answer?.words;
  const regions = words &&
    photo.looked.value[lookedKey(chosen.model, words.map(({ word }) => word))];
  const preview = photo.preview.value;
  return (
    <figure class="photo">
      <div class="frame">
        {preview !== undefined
          ? <img src={preview} alt={photoAlt(photo.name)} onError={onError} onLoad={onLoad} />
          : (
            <p class="nopreview">
              <Icon name="photo" />
              {noPreview}
            </p>
          )}
        {regions !== undefined && regions !== "loading" && (
          <Spotlight
            size={size.value}
            rows={regions.rows}
            columns={regions.columns}
            fit={regions.fit}
            regions={regions.words[chosen!.index]?.regions ?? []}
          />
        )}
      </div>
      <figcaption>
        {words === undefined || regions === undefined ? <span class="name">{photo.name}</span> : (
          <>
            <span>
              {regions === "loading"
                ? looked.loading
                : looked[regions.kind](words[chosen!.index].word)}
            </span>
            <button type="button" class="link" onClick={() => chosenWord.value = undefined}>
              {looked.hide}
            </button>
          </>
        )}
      </figcaption>
    </figure>
  );
}
