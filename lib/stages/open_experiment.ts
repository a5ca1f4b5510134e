import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { loadConfig } from "../config/mod.ts";
import { startEngine } from "../engine/mod.ts";
import type { Experiment } from "./experiment.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The experiment that a notebook works on: the config that `SHOWTELL_CONFIG` names (one in
 * `configs/` by its name, or a file, as seen from the repository's folder), otherwise the default. All is written under `data/`, as
 * the tasks do, or where `SHOWTELL_DATA` says.
 *
 * @throws {ConfigError} naming the key, what was found and what is allowed
 */
export async function openExperiment(): Promise<Experiment> {
  const file = Deno.env.get("SHOWTELL_CONFIG");
  const config = await fromRoot(() => loadConfig({ file }));
  const say = (line: string) => console.log(line);
  let last = performance.now();
  return {
    config,
    data: resolve(root, Deno.env.get("SHOWTELL_DATA") ?? "data"),
    engine: () => startEngine({ say }),
    say,
    onProgress(stage, done, total) {
      if (performance.now() - last < SILENCE_MS) return;
      last = performance.now();
      say(`${stage}: ${done} of ${total}`);
    },
  };
}

/** Stages that a notebook finds missing tell how far they are this often. */
const SILENCE_MS = 10_000;

/**
 * Does work with the repository's folder as the working folder, as the tasks have it: paths in a
 * config start there, while a notebook's working folder is its own.
 */
export async function fromRoot<T>(work: () => Promise<T>): Promise<T> {
  const before = Deno.cwd();
  Deno.chdir(root);
  try {
    return await work();
  } finally {
    Deno.chdir(before);
  }
}
