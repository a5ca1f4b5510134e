/// <reference lib="dom" />
import { signal } from "@preact/signals";
import { beam, lengthNormalisation } from "../state/models.ts";
import { type Photo, update } from "../state/photos.ts";
import { texts } from "../state/texts.ts";
import { askCaption, BusyError, RefusedError } from "./ask_caption.ts";
import { placeInLine } from "./line.ts";

/** What ends the work on a photo, by the photo's id and the model. */
const running = signal<Readonly<Record<string, AbortController>>>({});

/** Tries for a server that is busy. */
const TRIES = 8;

/** Captions a photo with a run; an earlier answer stays until the new one is there. */
export async function captionPhoto(photo: Photo, model: string): Promise<void> {
  const key = `${photo.id} ${model}`;
  running.peek()[key]?.abort();
  const controller = new AbortController();
  running.value = { ...running.peek(), [key]: controller };
  const { signal } = controller;
  const tell = (change: Parameters<typeof update>[2]) => {
    if (!signal.aborted) update(photo, model, change);
  };
  tell({ status: "waiting", steps: {}, words: [], error: undefined, retryIn: undefined });
  try {
    await placeInLine(signal, async () => {
      for (let attempt = 1;; attempt++) {
        try {
          return await follow(photo, model, signal, tell);
        } catch (error) {
          if (!(error instanceof BusyError) || attempt === TRIES) throw error;
          tell({ status: "waiting", retryIn: error.seconds });
          await pause(error.seconds, signal);
        }
      }
    });
  } catch (error) {
    tell({ status: "failed", error: sentenceOf(error), retryIn: undefined, answer: undefined });
  }
}

/** Ends the work on a photo; what is there already stays. */
export function stop(photo: Photo, model: string): void {
  running.peek()[`${photo.id} ${model}`]?.abort();
  const result = photo.results.peek()[model];
  if (result?.status === "working" || result?.status === "waiting") {
    update(photo, model, { status: result.answer ? "done" : "stopped", retryIn: undefined });
  }
}

async function follow(
  photo: Photo,
  model: string,
  signal: AbortSignal,
  tell: (change: Parameters<typeof update>[2]) => void,
): Promise<void> {
  const search = {
    model,
    beam: beam.peek(),
    lengthNormalisation: lengthNormalisation.peek(),
  };
  tell({ status: "working", retryIn: undefined });
  for await (const event of askCaption(photo.source, photo.name, search, signal)) {
    const { steps, words } = photo.results.peek()[model];
    if (event.name === "step" && event.data.step !== "queued") {
      tell({ steps: { ...steps, [event.data.step]: event.data.milliseconds } });
    } else if (event.name === "word") {
      tell({ words: [...words, { word: event.data.word, probability: event.data.probability }] });
    } else if (event.name === "caption") {
      if ("error" in event.data) {
        tell({ status: "failed", error: event.data.error, answer: undefined });
      } else tell({ status: "done", answer: event.data, steps: event.data.steps });
    }
  }
  if (photo.results.peek()[model].status === "working") throw new BrokenOff();
}

/** The answer ended before the caption came. */
class BrokenOff extends Error {}

function sentenceOf(error: unknown): string {
  const { errors } = texts.peek();
  if (error instanceof RefusedError) return error.message || errors.failed(error.status);
  if (error instanceof BrokenOff) return errors.broken;
  return errors.noServer;
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
