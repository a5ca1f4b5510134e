import { start } from "./task.ts";

/** Starts `deno task serve` on a free port, and waits until it listens. */
export async function startServer(folder: string, ...args: string[]) {
  const child = await start(folder, "serve", "--port=0", "--json", ...args);
  const err = child.stderr.text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  if (value === "") throw new Error(await err);
  const { url, models }: { url: string; models: string[] } = JSON.parse(value);
  return { child, url, models, err, reader };
}
