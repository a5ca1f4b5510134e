import { signal } from "@preact/signals";

/** Sentences that the page shows above all else until they are closed. */
export const notices = signal<readonly string[]>([]);

/** Shows a sentence; one that is shown already is not doubled. */
export function tell(sentence: string): void {
  if (!notices.value.includes(sentence)) notices.value = [...notices.value, sentence];
}

/** Closes one. */
export function close(sentence: string): void {
  notices.value = notices.value.filter((each) => each !== sentence);
}
