import { display } from "./kernel.ts";

/** Shows Markdown; outside a notebook its first line is printed. */
export async function showMarkdown(text: string): Promise<void> {
  await display({ "text/markdown": text, "text/plain": text.trim().split("\n")[0] });
}
