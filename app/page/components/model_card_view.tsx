/// <reference lib="dom" />
import type { ModelCard } from "../../engine/caption_engine.ts";
import { language, number, texts } from "../state/texts.ts";
import { Scores } from "./scores.tsx";
import { TrainingCurve } from "./training_curve.tsx";

/** What a run is, what it scored, and what it cannot do. */
export function ModelCardView({ card }: { card: ModelCard }) {
  const t = texts.value.card;
  const date = new Date(card.date);
  const facts: [string, string | undefined][] = [
    [t.data, card.dataset],
    [t.photos, card.trainPhotos === undefined ? undefined : number(card.trainPhotos)],
    [
      t.trained,
      Number.isNaN(date.valueOf())
        ? undefined
        : date.toLocaleDateString(language.value, { dateStyle: "medium" }),
    ],
    [t.encoder, card.encoder],
    [t.decoder, card.decoder],
    [t.parameters, number(card.parameters)],
    [t.vocabulary, number(card.vocabulary)],
  ];
  return (
    <article class="card">
      <h3>{card.name}</h3>
      <p>{card.description}</p>
      <dl class="facts">
        {facts.map(([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          )
        )}
      </dl>
      {card.weaknesses.length > 0 && (
        <>
          <h4>{t.weaknesses}</h4>
          <ul>{card.weaknesses.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>
        </>
      )}
      <Scores card={card} />
      {card.history.length > 0 && <TrainingCurve history={card.history} />}
    </article>
  );
}
