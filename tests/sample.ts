import { Random } from "../lib/random/mod.ts";

/**
 * Whether matrices that take long are tested whole, as `deno task test:matrices` asks by the argument
 * `all`. Otherwise a sample of each is, drawn by `--seed=` (default 1).
 */
export const isWhole = Deno.args.includes("all");

/** What samples are drawn by. */
export const seed = numberOption("seed", 1);

/** A number after the test's `--`, such as `--seed=3` or `damages=500`. */
export function numberOption(name: string, usual: number): number {
  return Number(textOption(name)?.match(/^\d+$/)?.[0] ?? usual);
}

/** All of the items, or that share of them, at least one, in their order. */
export function sampleSome<T>(items: readonly T[], share: number, name: string): readonly T[] {
  if (isWhole) return items;
  const count = Math.max(1, Math.round(items.length * share));
  const kept = new Set(
    new Random(seed, "sample", name).shuffled([...items.keys()]).slice(0, count),
  );
  return items.filter((_, i) => kept.has(i));
}

/** All of the items, or one of them. */
export function sampleOne<T>(items: readonly T[], name: string): readonly T[] {
  return isWhole ? items : [new Random(seed, "sample", name).choice(items)];
}

/** How many, as an argument such as `kills=100` says; otherwise few, or all of a whole matrix. */
export function countOf(name: string, { few, all }: { few: number; all: number }): number {
  return numberOption(name, isWhole ? all : few);
}

/** What follows the name of an argument such as `only=photo`. */
export function textOption(name: string): string | undefined {
  const found = Deno.args.map((each) => new RegExp(`^(?:--)?${name}=(.*)$`).exec(each)?.[1]);
  return found.find((value) => value !== undefined);
}
