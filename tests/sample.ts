import { Random } from "../lib/random/mod.ts";

/**
 * Whether matrices that take long are tested whole, as `deno task test:matrices` asks by the argument
 * `all`. Otherwise a sample of each is, drawn by `--seed=` (default 1).
 */
export const isWhole = Deno.args.includes("all");

const seed = Number(Deno.args.find((each) => each.startsWith("--seed="))?.slice(7) ?? 1);

/** Whether a member of a matrix is tested: all are, or that share of them. */
export function isSampled(name: string, share: number): boolean {
  return isWhole || new Random(seed, "sample", name).uniform() < share;
}

/** All of the items, or one of them. */
export function sampleOne<T>(items: readonly T[], name: string): readonly T[] {
  return isWhole ? items : [new Random(seed, "sample", name).choice(items)];
}
