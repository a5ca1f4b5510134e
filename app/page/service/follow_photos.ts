/// <reference lib="dom" />
import { effect, untracked } from "@preact/signals";
import {
  beam,
  chosen,
  lengthNormalisation,
  loadExamples,
  service,
  shown,
} from "../state/models.ts";
import { current, photos } from "../state/photos.ts";
import { captionPhoto } from "./caption_photo.ts";
import { loadPreview } from "./load_preview.ts";

/** Milliseconds after the last move of a slider until the photo is captioned again. */
const SETTLED = 250;

/**
 * Captions what was given: each photo by each chosen run, and the current one again when the search
 * is changed.
 *
 * @returns ends it
 */
export function followPhotos(): () => void {
  const ends = [
    effect(() => {
      if (service.value !== undefined) loadExamples(chosen.value);
    }),
    effect(() => {
      const models = shown.value;
      for (const photo of photos.value) {
        untracked(() => {
          for (const { name } of models) {
            if (photo.results.value[name] === undefined) captionPhoto(photo, name);
          }
          if (typeof photo.source === "string" && photo.preview.value === undefined) {
            loadPreview(photo);
          }
        });
      }
    }),
    captionAgain(),
  ];
  return () => ends.forEach((end) => end());
}

function captionAgain(): () => void {
  let last = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  return effect(() => {
    const search = `${beam.value} ${lengthNormalisation.value}`;
    if (last !== "" && search !== last) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const photo = current.peek();
        for (const { name } of photo ? shown.peek() : []) captionPhoto(photo!, name);
      }, SETTLED);
    }
    last = search;
  });
}
