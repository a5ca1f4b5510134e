/// <reference lib="dom" />
import { computed, signal } from "@preact/signals";
import type { Example, ExamplesAnswer, ModelsAnswer } from "../../api/schemas.ts";
import type { ModelCard } from "../../engine/caption_engine.ts";

/** What the server said of itself; undefined until it has. */
export const service = signal<ModelsAnswer | undefined>(undefined);

/** Whether asking it failed. */
export const isUnreachable = signal(false);

/** Name of the chosen run. */
export const chosen = signal("");

/** Name of the run that it is compared with; empty for none. */
export const second = signal("");

/** One-click photos for the chosen run. */
export const examples = signal<readonly Example[]>([]);

/** Card of a run by its name. */
export function cardOf(name: string): ModelCard | undefined {
  return service.value?.models.find((model) => model.name === name);
}

/** The runs that caption, one or two. */
export const shown = computed(() =>
  [cardOf(chosen.value), cardOf(second.value)].filter((card) => card !== undefined)
);

/** How captions are searched for; null: as each run says. */
export const beam = signal<number | null>(null);

/** As {@linkcode beam}. */
export const lengthNormalisation = signal<number | null>(null);

/** Asks the server for its runs, and then for photos to try. */
export async function loadModels(): Promise<void> {
  isUnreachable.value = false;
  try {
    const response = await fetch("/api/model");
    if (!response.ok) throw new Error(response.statusText);
    const answer: ModelsAnswer = await response.json();
    chosen.value = answer.models[0]?.name ?? "";
    service.value = answer;
  } catch {
    isUnreachable.value = true;
  }
}

/** Asks for the photos that fit a run. */
export async function loadExamples(model: string): Promise<void> {
  try {
    const response = await fetch(`/api/examples?model=${encodeURIComponent(model)}`);
    if (response.ok && model === chosen.value) {
      examples.value = (await response.json() as ExamplesAnswer).examples;
    }
  } catch {
    // The page works without examples; that the server is gone shows where it matters.
  }
}
