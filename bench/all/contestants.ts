import { z } from "zod";
import { readInputText } from "../../lib/storage/mod.ts";
import { parseJson, schemaProblem } from "../../lib/text/mod.ts";

/**
 * Commands by contestant and work. Those of ours come first, and their names begin with `ours`. Words
 * between spaces; `{name}` is filled in.
 */
export type Contestants = Record<string, Record<string, string>>;

/** Whether it is one of ours, such as `ours bfloat16`. */
export function isOurs(contestant: string): boolean {
  return /^ours\b/.test(contestant);
}

/**
 * Whom a peer is compared with: ours of the same arithmetic, its name's last word; where there is
 * none, ours as it is by default, the first.
 */
export function oursBeside(peer: string, contestants: readonly string[]): string {
  const lastWord = (name: string) => name.split(" ").at(-1);
  const same = contestants.find((name) => isOurs(name) && lastWord(name) === lastWord(peer));
  return same ?? contestants[0];
}

const schema = z.record(z.string(), z.record(z.string(), z.string().min(1)))
  .refine((all) => isOurs(Object.keys(all)[0] ?? ""), "the first contestant must be ours");

/**
 * Reads a file of commands.
 *
 * @throws {Error} if it is not one
 */
export async function readContestants(path: string): Promise<Contestants> {
  const example = '{"ours": {"training": "COMMAND --batch={batch}"}, "Keras": {…}}';
  let json: unknown;
  try {
    json = parseJson(await readInputText(path));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(`${path} is not JSON (${error.message}): write it like ${example}`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(`${path}: ${schemaProblem(parsed.error.issues[0])}: write it like ${example}`);
}

/** A command ready to run, or the options it lacks. */
export type FilledCommand = { words: string[] } | { missing: string[] };

/** Splits a command into words, and fills in what stands in braces. */
export function fillCommand(
  command: string,
  values: Readonly<Record<string, string | undefined>>,
): FilledCommand {
  const missing = new Set<string>();
  const words = command.split(/\s+/).filter((word) => word !== "").map((word) =>
    word.replaceAll(/\{(\w+)\}/g, (_, name) => {
      const value = values[name];
      if (value === undefined) missing.add(name);
      return value ?? "";
    })
  );
  return missing.size > 0 ? { missing: [...missing] } : { words };
}
