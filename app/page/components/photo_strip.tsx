/// <reference lib="dom" />
import { useRef } from "preact/hooks";
import { current, currentId, photos } from "../state/photos.ts";
import { texts } from "../state/texts.ts";
import { stepWithArrows } from "./step_with_arrows.ts";
import { Thumbnail } from "./thumbnail.tsx";

/** All photos, small; arrow keys go from one to the next. */
export function PhotoStrip() {
  const list = useRef<HTMLDivElement>(null);
  return (
    <div
      class="strip"
      ref={list}
      role="group"
      aria-label={texts.value.strip}
      onKeyDown={(event) => stepWithArrows(event, list.current!)}
    >
      {photos.value.map((photo) => {
        const isCurrent = photo === current.value;
        return (
          <button
            key={photo.id}
            type="button"
            class="thumb"
            aria-current={isCurrent}
            tabIndex={isCurrent ? 0 : -1}
            onClick={() => currentId.value = photo.id}
            onFocus={() => currentId.value = photo.id}
          >
            <Thumbnail photo={photo} alt={photo.name} />
          </button>
        );
      })}
    </div>
  );
}
