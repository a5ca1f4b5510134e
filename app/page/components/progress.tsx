/// <reference lib="dom" />
import { stop } from "../service/caption_photo.ts";
import type { Photo, Result } from "../state/photos.ts";
import { number, texts } from "../state/texts.ts";
import { Icon } from "./icon.tsx";

interface Props {
  photo: Photo;
  model: string;
  result: Result;
}

/** The steps to a caption with their times, and Stop while there is something to stop. */
export function Progress({ photo, model, result: { status, steps, retryIn } }: Props) {
  const t = texts.value.steps;
  const isBusy = status === "waiting" || status === "working";
  const names = ["reading", "features", "words"] as const;
  const now = names.find((name) => steps[name] === undefined);
  return (
    <div class="progress">
      <ol aria-label={t.label}>
        {names.map((name) => {
          const isNow = isBusy && name === now && status === "working";
          return (
            <li key={name} class={steps[name] !== undefined ? "ended" : isNow ? "now" : ""}>
              {t[name]}{" "}
              <span class="time">{steps[name] === undefined ? "–" : time(steps[name])}</span>
            </li>
          );
        })}
      </ol>
      {retryIn !== undefined && <span class="note">{t.busy(retryIn)}</span>}
      {status === "stopped" && <span class="note">{t.stopped}</span>}
      {isBusy && (
        <button type="button" class="stop" onClick={() => stop(photo, model)}>
          <Icon name="stop" />
          {t.stop}
        </button>
      )}
    </div>
  );
}

function time(milliseconds: number): string {
  return milliseconds < 1000 ? `${number(milliseconds)} ms` : `${number(milliseconds / 1000, 1)} s`;
}
