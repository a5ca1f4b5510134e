import { basename, dirname, join } from "node:path";
import type { Random } from "../../lib/random/mod.ts";
import { type Attempt, attempt } from "./attempt.ts";
import { damage, type DamageKind, stateOf } from "./damages.ts";
import { follow } from "./remedies.ts";
import type { Work } from "./works.ts";
import type { World } from "./world.ts";

/** A file, what happens to it, and what is done then. */
export interface Case {
  file: string;
  kind: DamageKind;
  works: readonly Work[];
  isReal: boolean;
}

/** What a work gives without damage. */
export type Undamaged = (work: Work) => Attempt;

/** What no user should read. */
const RAW =
  /os error|is not a function|Cannot read|Cannot destructure|\bundefined\b|Unexpected|JSON at|\bE(ISDIR|NOENT|NOTDIR|NOTEMPTY|IO)\b|\n|ZodError|Invalid input|object Object|\(hangs\)/;

/**
 * Damages a file and does the works one after the other.
 *
 * @returns what is wrong with how they ended; nothing if all is well
 */
export async function judge(
  world: World,
  { file, kind, works, isReal }: Case,
  undamaged: Undamaged,
  random: Random,
): Promise<string[]> {
  const path = join(world.folder, file);
  const how = await damage(path, kind, random);
  const wrong: string[] = [];
  try {
    for (const work of works) {
      const before = await stateOf(path);
      const expected = undamaged(work);
      const found = await attempt(world, work, isReal);
      const say = (what: string) =>
        wrong.push(
          `${kind} of ${file} (${how}) × ${work.name}${isReal ? ", as a task" : ""}: ${what}`,
        );
      if (found.error === undefined) {
        const difference = differs(work, found, expected, file);
        const isCardShorter = file.includes("/evaluations/") && work.name.startsWith("export") &&
          names(newLines(found, expected), file);
        if (difference !== undefined && !isCardShorter) {
          say(`succeeds with another result: ${difference}`);
        }
        // A new evaluation draws its figures, whatever was there.
        const isNew = file.endsWith(".plotly.json") && newLines(found, { ...expected, said: [] })
          .some((line) => line.startsWith("Evaluated"));
        const isRepaired = await stateOf(path) !== before && !expected.changed!.has(file) && !isNew;
        if (isRepaired && !names(newLines(found, expected), file)) {
          say(`is repaired without a word: ${newLines(found, expected).join(" | ")}`);
        }
        // What follows would have another result undamaged, too.
        if (world.files.some((one) => expected.changed!.has(one))) break;
      } else {
        const problem = await refusal(world, work, found.error, expected, file, isReal);
        if (problem !== undefined) say(problem);
        break;
      }
    }
  } finally {
    await world.restore(file);
  }
  return wrong;
}

/** What is wrong with how a work was refused. */
async function refusal(
  world: World,
  work: Work,
  error: string,
  expected: Attempt,
  file: string,
  isReal: boolean,
): Promise<string | undefined> {
  if (RAW.test(error)) return `a raw error: ${error}`;
  if (!names([error], file)) return `refused without the file's name: ${error}`;
  const done = await follow(world, error, file).catch((thrown) => `(${thrown})`);
  if (done === undefined) return `refused without a remedy: ${error}`;
  const again = await attempt(world, work, isReal);
  const said = `${error} → ${done}`;
  if (again.error !== undefined) return `the remedy does not work: ${said} → ${again.error}`;
  const difference = differs(work, again, expected, file);
  return difference && `the remedy gives another result: ${said} → ${difference}`;
}

/** Where two results differ; of runs listed, one with a problem that names the file may. */
function differs(work: Work, found: Attempt, expected: Attempt, file: string): string | undefined {
  const isListing = work.name.startsWith("runs");
  const [a, b] = [found.result, expected.result];
  if (!isListing || !Array.isArray(a)) return difference(a, b);
  for (const [i, run] of a.entries()) {
    const { problems } = run as { problems: string[] };
    const isTold = problems.some((line) => names([line], file) && !RAW.test(line));
    const different = difference(run, (b as unknown[])[i]);
    if (different !== undefined && !isTold) return different;
  }
}

function difference(a: unknown, b: unknown, at = ""): string | undefined {
  if (JSON.stringify(a) === JSON.stringify(b)) return undefined;
  if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = difference(a[key], b[key], `${at}.${key}`);
      if (found !== undefined) return found;
    }
  }
  const short = (value: unknown) => (JSON.stringify(value) ?? "nothing").slice(0, 120);
  return `${at} is ${short(a)}, not ${short(b)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** What was said that is not said without damage. */
function newLines({ said }: Attempt, expected: Attempt): string[] {
  const plain = (line: string) => line.replace(/[\d.,]+/g, "#");
  const usual = new Set(expected.said.map(plain));
  return said.filter((line) => !usual.has(plain(line)));
}

/** Whether lines name a file, or the folder that it lies in. */
function names(lines: string[], file: string): boolean {
  return lines.some((line) => line.includes(basename(file)) || line.includes(dirname(file)));
}
