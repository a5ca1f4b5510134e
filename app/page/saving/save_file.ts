/// <reference lib="dom" />
/** Lets the browser save a file. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Lets the browser save a value as JSON. */
export function saveJson(name: string, value: unknown): void {
  const text = JSON.stringify(value, null, 2) + "\n";
  saveFile(name, new Blob([text], { type: "application/json" }));
}

/** A file's name without its ending. */
export function stemOf(name: string): string {
  return name.replace(/\.[^.]+$/, "") || "photo";
}
