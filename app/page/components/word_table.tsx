/// <reference lib="dom" />
import { number, texts } from "../state/texts.ts";
import { shade } from "./caption_words.tsx";

/** Words and probabilities as figures. */
export function WordTable({ words }: { words: readonly { word: string; probability: number }[] }) {
  const t = texts.value.table;
  return (
    <details class="wordtable">
      <summary>{t.title}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.word}</th>
            <th scope="col" class="number">{t.probability}</th>
          </tr>
        </thead>
        <tbody>
          {words.map(({ word, probability }, i) => (
            <tr key={i}>
              <td>
                <span class={`swatch ${shade(probability)}`}>{word}</span>
              </td>
              <td class="number">{number(probability, 4)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
