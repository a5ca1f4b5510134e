import type { Listener } from "../../lib/progress/mod.ts";
import { lastLine, type Line } from "../last_line.ts";
import { type Contestants, fillCommand, isOurs } from "./contestants.ts";
import {
  checkSetting,
  type MeasuredRow,
  readResults,
  type Results,
  type Setting,
  writeResults,
} from "./results.ts";
import type { Row } from "./rows.ts";

/** What {@linkcode measureRows} measures, and where. */
export interface MeasureRowsOptions extends Pick<Listener, "say" | "signal">, Setting {
  /** Holds `results.json`; what is done there is kept. */
  out: string;
  /** What is measured. */
  rows: readonly Row[];
  /** Ours first. */
  contestants: Contestants;
  /** Fills in commands, beside the row's own values. */
  values: Readonly<Record<string, string | undefined>>;
  /** Where commands run. */
  cwd: string;
}

/**
 * Measures each row in alternating rounds, and writes the results after each. A row is kept if
 * every contestant that can run has all its rounds there; otherwise it is measured again as a
 * whole, since only figures of the same minutes can be compared.
 *
 * A peer that fails leaves its cell open and says why.
 *
 * @throws {Error} if ours fails; rows done before are kept
 */
export async function measureRows(options: MeasureRowsOptions): Promise<Results> {
  const { out, rows, contestants, values, say, signal, machine, sizes } = options;
  const names = Object.keys(contestants);
  const old = await readResults(out);
  if (old !== undefined) checkSetting(old, options, out);
  const results: Results = { machine, sizes, contestants: names, rows: { ...old?.rows } };
  for (const row of rows) {
    const commands = new Map<string, string[]>();
    const open: MeasuredRow["open"] = {};
    for (const name of names) {
      const command = contestants[name][row.work];
      if (command === undefined) continue;
      const filled = fillCommand(command, { ...values, ...morePhotos(values, row), ...row.values });
      if ("words" in filled) commands.set(name, filled.words);
      else open[name] = `needs ${filled.missing.map((option) => `--${option}`).join(", ")}`;
    }
    const kept = results.rows[row.name];
    if (kept !== undefined && isDone(kept, [...commands.keys()], sizes.rounds)) {
      say?.(`${row.name}: kept`);
      continue;
    }
    for (const [name, why] of Object.entries(open)) say?.(`${row.name}: ${name} ${why}`);
    const lines = await measureRow(row, commands, open, options);
    signal?.throwIfAborted();
    results.rows[row.name] = { date: new Date().toISOString().slice(0, 10), lines, open };
    await writeResults(out, results);
  }
  return results;
}

/** The row's own number of photos, where it is another. */
function morePhotos(
  { photos }: Readonly<Record<string, string | undefined>>,
  { photosTimes }: Row,
): Record<string, string> {
  if (photosTimes === undefined || photos === undefined) return {};
  return { photos: String(photosTimes * Number(photos)) };
}

function isDone({ lines }: MeasuredRow, names: readonly string[], rounds: number): boolean {
  return names.every((name) => lines[name]?.length === rounds);
}

/** @param open gets the reasons of those that fail */
async function measureRow(
  row: Row,
  commands: ReadonlyMap<string, string[]>,
  open: MeasuredRow["open"],
  { sizes: { rounds }, say, signal, cwd }: MeasureRowsOptions,
): Promise<MeasuredRow["lines"]> {
  const lines: Record<string, Line[]> = {};
  for (let round = 1; round <= rounds; round++) {
    for (const [name, words] of commands) {
      if (name in open) continue;
      try {
        const line = await lastLine(words, { cwd, signal });
        const found = line[row.figure];
        if (!(typeof found === "number" && found > 0)) {
          throw new Error(`its last line has no ${row.figure} above 0: ${JSON.stringify(line)}`);
        }
        (lines[name] ??= []).push(line);
        say?.(`${row.name}, round ${round}: ${name} ${found} ${row.unit}`);
      } catch (error) {
        signal?.throwIfAborted();
        const why = (error as Error).message;
        if (isOurs(name)) throw new Error(`${row.name}: ${name}: ${why}`);
        open[name] = why;
        delete lines[name];
        say?.(`${row.name}: ${name} stays open: ${why}`);
      }
    }
  }
  return lines;
}
