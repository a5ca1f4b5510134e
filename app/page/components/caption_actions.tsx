/// <reference lib="dom" />
import { useSignal } from "@preact/signals";
import type { PhotoCaption } from "../../api/schemas.ts";
import { drawPicture } from "../saving/draw_picture.ts";
import { saveFile, saveJson, stemOf } from "../saving/save_file.ts";
import { tell } from "../state/notices.ts";
import { captionOf, type Photo } from "../state/photos.ts";
import { texts } from "../state/texts.ts";
import { CopyButton } from "./copy_button.tsx";
import { Icon } from "./icon.tsx";

interface Props {
  photo: Photo;
  model: string;
  answer: PhotoCaption;
}

/** What can be done with a caption. */
export function CaptionActions({ photo, model, answer }: Props) {
  const { actions, errors } = texts.value;
  const isDrawing = useSignal(false);
  const text = captionOf(photo, model)!;
  const isEdited = photo.edited.value !== undefined;
  const share = async () => {
    isDrawing.value = true;
    try {
      const picture = await drawPicture(photo.preview.value ?? "", text);
      const file = new File([picture], `${stemOf(photo.name)}-caption.png`, { type: "image/png" });
      if (navigator.canShare?.({ files: [file] })) {
        await navigator.share({ files: [file] }).catch(() => {}); // the user changed their mind
      } else saveFile(file.name, file);
    } catch {
      tell(errors.picture);
    } finally {
      isDrawing.value = false;
    }
  };
  const json = () => {
    const edited = isEdited ? { edited: text } : {};
    saveJson(`${stemOf(photo.name)}.json`, { model, ...answer, photo: photo.name, ...edited });
  };
  return (
    <div class="buttons actions">
      <CopyButton text={text} label={actions.copy} copied={actions.copied} />
      <button type="button" onClick={() => photo.edited.value = isEdited ? undefined : text}>
        <Icon name={isEdited ? "undo" : "edit"} />
        {isEdited ? actions.undo : actions.edit}
      </button>
      <button type="button" disabled={isDrawing.value} onClick={share}>
        <Icon name="share" />
        {actions.share}
      </button>
      <button type="button" onClick={json}>
        <Icon name="save" />
        {actions.json}
      </button>
    </div>
  );
}
