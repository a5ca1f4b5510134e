import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { loadConfig, resolvePaths } from "../config/mod.ts";
import { startEngine } from "../engine/mod.ts";
import type { Experiment } from "./experiment.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** How often stages report their progress in a notebook. */
const SILENCE_MS = 10_000;

/**
 * The experiment that a notebook works on: the config that `SHOWTELL_CONFIG` names (one in
 * `configs/` by its name, or a file by its path), otherwise the default one. Relative paths start
 * from the repository's folder wherever the notebook runs, as they do in the tasks. Everything is
 * written under `data/` there, or where `SHOWTELL_DATA` says.
 *
 * @throws {ConfigError} naming the key, what was found and what is allowed
 */
export async function openExperiment(): Promise<Experiment> {
  const file = Deno.env.get("SHOWTELL_CONFIG");
  const written = await loadConfig({ file, folder: root });
  const say = (line: string) => console.log(line);
  let last = performance.now();
  return {
    config: resolvePaths(written, root),
    written: { config: written, root },
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
