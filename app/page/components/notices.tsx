/// <reference lib="dom" />
import { close, notices } from "../state/notices.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "./icon.tsx";

/** What went wrong, until it is closed. */
export function Notices() {
  return (
    <div class="notices" role="alert">
      {notices.value.map((sentence) => (
        <p class="notice" key={sentence}>
          <Icon name="warning" />
          <span>{sentence}</span>
          <button
            type="button"
            class="plain"
            aria-label={texts.value.errors.close}
            onClick={() => close(sentence)}
          >
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  );
}
