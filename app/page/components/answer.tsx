/// <reference lib="dom" />
import type { Signal } from "@preact/signals";
import { captionPhoto } from "../service/caption_photo.ts";
import { look } from "../service/look.ts";
import type { ChosenWord, Photo } from "../state/photos.ts";
import { texts } from "../state/texts.ts";
import { Alternatives } from "./alternatives.tsx";
import { CaptionActions } from "./caption_actions.tsx";
import { CaptionEditor } from "./caption_editor.tsx";
import { CaptionWords } from "./caption_words.tsx";
import { Novelty } from "./novelty.tsx";
import { Progress } from "./progress.tsx";
import { TrainingPart } from "./training_part.tsx";
import { WordTable } from "./word_table.tsx";

interface Props {
  photo: Photo;
  model: string;
  /** Whether the model's name stands above: there are two. */
  titled: boolean;
  chosenWord: Signal<ChosenWord | undefined>;
}

/** What one run says of a photo. */
export function Answer({ photo, model, titled, chosenWord }: Props) {
  const t = texts.value;
  const result = photo.results.value[model];
  if (result === undefined) return <section class="answer" />;
  const { status, answer, error } = result;
  const words = answer?.words ?? result.words;
  const chosen = chosenWord.value;
  const choose = (index: number) => {
    if (answer === undefined) return;
    const isAgain = chosen?.model === model && chosen.index === index;
    chosenWord.value = isAgain ? undefined : { model, index };
    if (!isAgain) look(photo, model, answer.words.map(({ word }) => word));
  };
  return (
    <section class="answer" aria-label={titled ? model : t.caption.label} aria-busy={!answer}>
      {titled && <h2 class="modelname">{model}</h2>}
      <div class="captionbox">
        {status === "failed"
          ? (
            <div class="failure" role="alert">
              <strong>{t.errors.title}</strong>
              <p>{error}</p>
            </div>
          )
          : photo.edited.value !== undefined
          ? <CaptionEditor photo={photo} />
          : answer && words.length === 0
          ? <p class="caption">{t.caption.empty}</p>
          : (
            <CaptionWords
              words={words}
              isDone={answer !== undefined}
              chosen={chosen?.model === model ? chosen.index : undefined}
              onChoose={choose}
            />
          )}
      </div>
      <p class="unseen" aria-live="polite">{status === "done" ? answer?.caption : ""}</p>
      <Progress photo={photo} model={model} result={result} />
      {answer?.details && <Novelty novelty={answer.details.novelty} />}
      {(status === "failed" || status === "stopped") && (
        <div class="buttons">
          <button type="button" onClick={() => captionPhoto(photo, model)}>{t.steps.again}</button>
        </div>
      )}
      {answer && (
        <>
          <CaptionActions photo={photo} model={model} answer={answer} />
          <Alternatives answer={answer} />
          <WordTable words={answer.words} />
          {answer.details && <TrainingPart details={answer.details} />}
        </>
      )}
    </section>
  );
}
