/// <reference lib="dom" />
import type { ModelCard } from "../../engine/caption_engine.ts";
import { number, texts } from "../state/texts.ts";

/** What a run scored, with all that the figures depend on. */
export function Scores({ card: { evaluations } }: { card: ModelCard }) {
  const t = texts.value.card;
  const all = Object.entries(evaluations);
  if (all.length === 0) return <p class="note">{t.noScores}</p>;
  return (
    <>
      {all.map(([name, { photos, scores, signature }]) => (
        <section key={name} class="scores">
          <h4>{t.scores(name, number(photos))}</h4>
          <dl class="figures">
            {Object.entries(scores).filter(([, score]) => typeof score === "number").map((
              [metric, score],
            ) => (
              <div key={metric}>
                <dt>{metric}</dt>
                <dd>{number(score, 3)}</dd>
              </div>
            ))}
          </dl>
          <details>
            <summary>{t.signature}</summary>
            <code>{signature}</code>
          </details>
        </section>
      ))}
    </>
  );
}
