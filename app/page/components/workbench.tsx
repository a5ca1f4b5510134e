/// <reference lib="dom" />
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { shown } from "../state/models.ts";
import { type ChosenWord, type Photo, photos } from "../state/photos.ts";
import { Answer } from "./answer.tsx";
import { DecodingControls } from "./decoding_controls.tsx";
import { Intake } from "./intake.tsx";
import { PhotoStrip } from "./photo_strip.tsx";
import { PhotoView } from "./photo_view.tsx";

/** The current photo and what the runs say of it. */
export function Workbench({ photo }: { photo: Photo }) {
  const chosenWord = useSignal<ChosenWord | undefined>(undefined);
  useEffect(() => {
    chosenWord.value = undefined;
  }, [photo]);
  const models = shown.value;
  return (
    <div class={models.length > 1 ? "workbench two" : "workbench"}>
      <div class="stage">
        <PhotoView photo={photo} chosenWord={chosenWord} />
        {photos.value.length > 1 && <PhotoStrip />}
      </div>
      <div class="answers">
        {models.map(({ name }) => (
          <Answer
            key={`${photo.id} ${name}`}
            photo={photo}
            model={name}
            titled={models.length > 1}
            chosenWord={chosenWord}
          />
        ))}
      </div>
      <div class="tools">
        <Intake small />
        <DecodingControls />
      </div>
    </div>
  );
}
