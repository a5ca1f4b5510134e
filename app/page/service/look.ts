/// <reference lib="dom" />
import type { RegionsAnswer } from "../../api/schemas.ts";
import { type Looked, type Photo } from "../state/photos.ts";
import { tell } from "../state/notices.ts";
import { texts } from "../state/texts.ts";
import { check, RefusedError } from "./ask_caption.ts";
import { photoSource } from "./photo_source.ts";

/** Key of {@linkcode Photo.looked}. */
export function lookedKey(model: string, words: readonly string[]): string {
  return `${model}\n${words.join("\n")}`;
}

/** Asks where the model looked for each word, once for each caption. */
export async function look(photo: Photo, model: string, words: readonly string[]): Promise<void> {
  const key = lookedKey(model, words);
  if (photo.looked.peek()[key] !== undefined) return;
  const set = (looked: Looked | undefined) => {
    const { [key]: _, ...others } = photo.looked.peek();
    photo.looked.value = looked === undefined ? others : { ...others, [key]: looked };
  };
  set("loading");
  try {
    const source = await photoSource(photo.source, photo.name);
    const response = await fetch("/api/regions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ photo: source, words, model }),
    });
    await check(response);
    set(await response.json() as RegionsAnswer);
  } catch (error) {
    set(undefined);
    const { errors } = texts.peek();
    tell(error instanceof RefusedError && error.message ? error.message : errors.regions);
  }
}
