import { fileURLToPath } from "node:url";
import { assert } from "../assert.ts";

/** What {@linkcode runRefusal} is to try. */
export interface RefusalOptions {
  /** Environment variables that are set once the process runs. */
  env?: Record<string, string>;
  /** Of the encoder to make; without, onnxruntime is to be installed. */
  settings?: Record<string, unknown>;
  /** What the process may do. @default {everything} */
  permissions?: string[];
}

/** The one sentence of an encoder that cannot be made, from a process of its own. */
export async function runRefusal(
  { permissions = ["--allow-all"], ...tried }: RefusalOptions,
): Promise<string> {
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  // The cache of modules stays where it is, whatever HOME is set to.
  const modules = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", `--config=${path("../../deno.json")}`, ...permissions]
      .concat(path("refusal.ts"), JSON.stringify(tried)),
    env: { DENO_DIR: modules },
  }).output();
  const [message, ...more] = new TextDecoder().decode(stdout).trimEnd().split("\n");
  assert(message !== "" && more.length === 0, new TextDecoder().decode(stderr));
  return message;
}
