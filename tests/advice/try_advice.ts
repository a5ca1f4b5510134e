/**
 * Tries all advice in one process, as its working folder changes; prints a line of JSON for each way
 * that a message names, `{ case, way, said, problem? }`.
 */
import type { Advice } from "./advice.ts";
import { BASES } from "./bases.ts";
import { ADVICE } from "./cases.ts";
import type { Command, Way } from "./follow.ts";
import { run } from "./task.ts";

const [folder, ...cases] = Deno.args;
const made = new Map<string, string>();

/** A copy of a base, which is made once. */
async function copyOf(name: keyof typeof BASES, to: string): Promise<void> {
  let base = made.get(name);
  if (base === undefined) {
    base = `${folder}/base-${name}`;
    await Deno.mkdir(base);
    Deno.chdir(base);
    await BASES[name]();
    made.set(name, base);
  }
  const { success } = await new Deno.Command("cp", { args: ["-rp", base, to] }).output();
  if (!success) throw new Error(`cannot copy ${base}`);
  Deno.chdir(to);
}

async function attempt({ given, command, says, proof }: Advice, way: Way) {
  await given?.();
  const failed = await run(...command);
  const said = (failed.err + failed.out).split("\n").find((line) => says.test(line));
  if (said === undefined) {
    return { said: "", problem: `it does not say so: ${failed.err}${failed.out}` };
  }
  let commands: Command[];
  try {
    commands = await way(said, command);
  } catch (error) {
    return { said, problem: (error as Error).message };
  }
  for (const each of commands) {
    const { code, err } = await run(...each);
    if (code !== 0) return { said, problem: `${each.join(" ")} ended with ${code}: ${err}` };
    if (err.split("\n").includes(said)) return { said, problem: `it says so again: ${err}` };
  }
  if (proof !== undefined && !await proof()) return { said, problem: "it does not help" };
  return { said };
}

let number = 0;
for (const [name, advice] of Object.entries(ADVICE)) {
  if (cases.length > 0 && !cases.includes(name)) continue;
  for (const [way, follow] of Object.entries(advice.ways)) {
    const began = performance.now();
    let result: { said: string; problem?: string };
    try {
      await copyOf(advice.base ?? "photos", `${folder}/${number++}`);
      result = await attempt(advice, follow);
    } catch (error) {
      result = { said: "", problem: (error as Error).stack };
    }
    Deno.chdir(folder);
    console.log(
      JSON.stringify({ case: name, way, ms: Math.round(performance.now() - began), ...result }),
    );
  }
}
Deno.exit(0);
