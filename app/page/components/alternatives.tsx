/// <reference lib="dom" />
import type { PhotoCaption } from "../../api/schemas.ts";
import { number, texts } from "../state/texts.ts";

/** The caption beside the others of the beam and the greedy one, best first. */
export function Alternatives({ answer }: { answer: PhotoCaption }) {
  const t = texts.value.alternatives;
  const greedy = answer.details?.greedy;
  const rows = [
    { ...answer, note: greedy?.caption === answer.caption ? t.greedyIsBest : t.best },
    ...answer.alternatives.map((each) => ({
      ...each,
      note: each.caption === greedy?.caption ? t.greedy : "",
    })),
  ];
  if (greedy && !rows.some(({ caption }) => caption === greedy.caption)) {
    rows.push({ ...answer, ...greedy, note: t.greedy });
  }
  return (
    <section class="alternatives">
      <h3>{t.title}</h3>
      {rows.length === 1
        ? <p class="note">{answer.alternatives.length === 0 ? t.none : t.wider}</p>
        : (
          <table>
            <thead>
              <tr>
                <th scope="col">{t.caption}</th>
                <th scope="col" class="number">{t.logProbability}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ caption, logProbability, note }, i) => (
                <tr key={i} class={i === 0 ? "best" : ""}>
                  <td>
                    {caption}
                    {note && <span class="tag">{note}</span>}
                  </td>
                  <td class="number">{number(logProbability, 2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
    </section>
  );
}
