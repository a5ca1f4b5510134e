/// <reference lib="dom" />
import type { PhotoCaption } from "../../api/schemas.ts";
import { number, texts } from "../state/texts.ts";

/** What training saw that is like the photo and its caption. */
export function TrainingPart({ details }: { details: NonNullable<PhotoCaption["details"]> }) {
  const t = texts.value.training;
  const { nearest, timesInTraining } = details;
  return (
    <section class="training">
      <h3>{t.title}</h3>
      {timesInTraining === null
        ? <p class="note">{t.unknown}</p>
        : <p class="note">{t.stands(timesInTraining)}</p>}
      {nearest !== null && nearest.length > 0 && (
        <details>
          <summary>{t.nearest}</summary>
          <ul class="nearest">
            {nearest.map(({ similarity, captions }, i) => (
              <li key={i}>
                <span class="similarity">{t.similarity} {number(similarity, 2)}</span>
                {captions.map((caption, k) => <p key={k}>{caption}</p>)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
