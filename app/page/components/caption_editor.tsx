/// <reference lib="dom" />
import { useEffect, useRef } from "preact/hooks";
import type { Photo } from "../state/photos.ts";
import { texts } from "../state/texts.ts";

/** The user's own words in place of the model's. */
export function CaptionEditor({ photo }: { photo: Photo }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const { actions, caption } = texts.value;
  useEffect(() => area.current!.focus(), []);
  return (
    <label class="editor">
      <span>{actions.editLabel} · {caption.edited}</span>
      <textarea
        ref={area}
        rows={3}
        value={photo.edited.value}
        onInput={({ currentTarget }) => photo.edited.value = currentTarget.value}
      />
    </label>
  );
}
