import { basename } from "node:path";
import type { Config } from "../config/mod.ts";

/**
 * Seeds as they are written: `1,2,3`.
 *
 * @throws {RangeError} if one is no whole number from 0, or is there twice
 */
export function readSeeds(text: string): number[] {
  const seeds = text.split(",").map((seed) => /^\d{1,9}$/.test(seed.trim()) ? Number(seed) : NaN);
  if (seeds.some(Number.isNaN) || new Set(seeds).size < seeds.length) {
    throw new RangeError(
      `"${text}" is no list of seeds: give whole numbers, each once, as in 1,2,3`,
    );
  }
  return seeds;
}

/**
 * A config for one seed, whose run has the seed in its name. Training that starts from a run of
 * another of the configs starts from that one's run of the same seed.
 *
 * @param names of all configs that are trained with this seed
 */
export function seedConfig(config: Config, seed: number, names: readonly string[]): Config {
  const { training } = config;
  const from = training.from === undefined || !names.includes(basename(training.from))
    ? training.from
    : seedName(training.from, seed);
  return {
    ...config,
    name: seedName(config.name, seed),
    training: { ...training, seed, ...from === undefined ? {} : { from } },
  };
}

function seedName(name: string, seed: number): string {
  return `${name}_seed${seed}`;
}
