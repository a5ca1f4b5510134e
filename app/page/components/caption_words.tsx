/// <reference lib="dom" />
import { useRef } from "preact/hooks";
import { percent, texts } from "../state/texts.ts";
import { stepWithArrows } from "./step_with_arrows.ts";

interface Props {
  words: readonly { word: string; probability: number }[];
  /** Whether these are the answer's, which can be looked at. */
  isDone: boolean;
  /** Position of the word that is looked at. */
  chosen: number | undefined;
  onChoose: (index: number) => void;
}

/** The caption, each word shaded by how unsure the model was; arrow keys go from word to word. */
export function CaptionWords({ words, isDone, chosen, onChoose }: Props) {
  const list = useRef<HTMLParagraphElement>(null);
  const { caption } = texts.value;
  return (
    <>
      <p
        class="caption"
        ref={list}
        role="group"
        aria-label={caption.words}
        onKeyDown={(event) => stepWithArrows(event, list.current!)}
      >
        {words.flatMap(({ word, probability }, i) => [
          <button
            key={i}
            type="button"
            class={`word ${shade(probability)}`}
            aria-label={caption.of(word, percent(probability))}
            aria-pressed={chosen === i}
            aria-disabled={!isDone}
            tabIndex={i === (chosen ?? 0) ? 0 : -1}
            onClick={() => onChoose(i)}
          >
            {word}
            <span class="figure" aria-hidden="true">{percent(probability)}</span>
          </button>,
          " ",
        ])}
        {!isDone && <span class="cursor" aria-hidden="true" />}
      </p>
      <p class={isDone ? "legend" : "legend waiting"} aria-hidden={!isDone}>
        <span>{caption.sure}</span>
        <span class="scale" aria-hidden="true">
          {[5, 4, 3, 2, 1, 0].map((level) => <i key={level} class={`doubt${5 - level}`} />)}
        </span>
        <span>{caption.unsure}</span>
        <span class="hint">{caption.hint}</span>
      </p>
    </>
  );
}

/** One of six shades: 0 is sure. */
export function shade(probability: number): string {
  const level = [0.9, 0.7, 0.5, 0.3, 0.1].filter((limit) => probability < limit).length;
  return `doubt${level}`;
}
