/// <reference lib="dom" />
import { percent, texts } from "../state/texts.ts";
import { Icon } from "./icon.tsx";

/** From here on a photo is unlike anything that training saw. */
const UNLIKE = 0.99;

/** Warns of a caption that cannot be trusted. @param novelty 0 to 1; null where it is not known */
export function Novelty({ novelty }: { novelty: number | null }) {
  if (novelty === null || novelty < UNLIKE) return null;
  return (
    <div class="warning" role="note">
      <Icon name="warning" />
      <p>
        <strong>{texts.value.novelty}</strong> {texts.value.noveltyMore(percent(novelty))}
      </p>
    </div>
  );
}
