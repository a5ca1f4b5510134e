/// <reference lib="dom" />
/** What an earlier visit chose; null where nothing was, or where the browser keeps nothing. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`showtell.${name}`);
  } catch {
    return null; // storage is off
  }
}

/** Keeps a choice for the next visit; null forgets it. */
export function remember(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`showtell.${name}`);
    else localStorage.setItem(`showtell.${name}`, value);
  } catch {
    // storage is off: the choice lasts as long as the page
  }
}
