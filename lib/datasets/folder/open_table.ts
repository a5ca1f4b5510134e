import { basename } from "node:path";
import { shorten } from "../../text/mod.ts";
import { parseExactJson } from "../files/exact_json.ts";
import { isObject } from "../files/json_file.ts";
import { readJsonLines } from "../files/json_lines.ts";
import { readLines } from "../files/text_lines.ts";
import { openCsvTable } from "./csv_table.ts";
import { namesIn, openJsonTable } from "./json_table.ts";
import { type ReadTableOptions, type Table, type TableRecord, WHAT } from "./table.ts";

/**
 * Opens a CSV, TSV, JSON or JSON lines file, told apart by what is in it.
 *
 * @throws {Error} naming the file and what is wrong with it
 */
export async function openTable(path: string, options: ReadTableOptions): Promise<Table> {
  let first = "";
  let second = "";
  for await (const { text } of readLines(path)) {
    if (text.trim() === "") continue;
    if (first === "") first = text.trim();
    else second = text.trim();
    if (second !== "") break;
  }
  if (first === "") throw new Error(`${path} is empty: put ${WHAT} there`);
  if (/\.(jsonl|ndjson)(\.gz)?$/i.test(path) || second !== "" && isWholeObject(first)) {
    return await openJsonLines(path);
  }
  if (/^[[{]/.test(first) || /\.json$/i.test(path)) return await openJsonTable(path, options);
  return await openCsvTable(path, first, second, options);
}

function isWholeObject(line: string): boolean {
  try {
    return isObject(parseExactJson(line));
  } catch {
    return false;
  }
}

async function openJsonLines(path: string): Promise<Table> {
  const names = new Set<string>();
  const sample: { [column: string]: unknown }[] = [];
  for await (const record of jsonLines(path)) {
    if ("reason" in record) continue;
    for (const name of namesIn([record.values])) names.add(name);
    if (sample.length < 100) sample.push(record.values);
  }
  const repeated = new Set<string>();
  return {
    format: "JSON lines",
    names: [...names],
    sample,
    async *records() {
      repeated.clear();
      for await (const lines of readJsonLines(path, true)) {
        for (const { line, ...found } of lines) {
          const row = `${basename(path)}:${line}`;
          if ("repeated" in found && found.repeated !== undefined) {
            repeated.add(`"${shorten(found.repeated)}" in line ${line}`);
          }
          yield { row, ...found };
        }
      }
    },
    notes: () => {
      const [first] = repeated;
      return first === undefined
        ? []
        : [`${basename(path)} has a key more than once, ${first}: its last value counts`];
    },
  };
}

async function* jsonLines(path: string): AsyncGenerator<TableRecord> {
  for await (const lines of readJsonLines(path)) {
    for (const { line, ...found } of lines) yield { row: `${basename(path)}:${line}`, ...found };
  }
}
