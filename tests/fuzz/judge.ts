import { visible } from "../../lib/text/mod.ts";

/** Messages of JavaScript, of libraries and of the operating system that reached the user as they were. */
const RAW = [
  /Cannot (read propert|set propert|convert|destructure|mix)|is not (iterable|a function|defined|a constructor)/,
  /Maximum call stack|Invalid (array|string|typed array|Date|count|DataView)|Array buffer allocation/,
  /Unexpected (token|end of|non-whitespace|number|string)|in JSON at position|Bad (control|escaped)/,
  /os error|\bE[A-Z]{3,}:|\bundefined\b|\[object |BigInt|[Oo]ut of (bounds|range|memory)/,
  /panicked|unwrap|PolarsError|ComputeError|\bat \S+:\d+:\d+/,
  /is not assignable|structured clone|Offset is outside|start offset|byte length of/,
];

/** Words of a remedy, or of what was expected. */
const REMEDY =
  /\b(put|get|set|save|give|delete|download|export|correct|remove|check|choose|prepare|name|add|rename|unpack|build|expected|must|instead|use|convert|write|run|import|create|train|make|leave|look|refused|can be read|needs?|too large|truncated|damaged|not finite|should be|cannot be used|There is no file|without|did you mean)\b/;

/** What a terminal obeys, and what turns text around or ends its line. */
const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/u;

/** Characters of the longest sentence, without the folder's name. */
const LONGEST = 600;

/** Seconds and bytes that reading a small file may take. */
export const MOST_SECONDS = 10;
export const MOST_BYTES = 500e6;

/**
 * What is wrong with an error as the user would see it: undefined where it is one clear sentence that
 * names a file and says what to do.
 *
 * @param names of the files read
 */
export function faultOf(
  error: unknown,
  { folder, names }: { folder: string; names: readonly string[] },
): string | undefined {
  if (!(error instanceof Error)) return "not an Error";
  const message = error.message.replaceAll(folder, "");
  const raw = RAW.find((pattern) => pattern.test(message));
  if (raw !== undefined) return `raw: ${raw.exec(message)![0]}`;
  const obeyed = controlIn(message);
  if (obeyed !== undefined) return obeyed;
  if (message.length > LONGEST) return `${message.length} characters`;
  if (message.includes("\n")) return "several lines";
  if (!names.some((name) => message.includes(name)) && !error.message.includes(folder)) {
    return "names no file";
  }
  if (!REMEDY.test(message)) return "does not say what to do";
  return undefined;
}

/** The first character that a terminal would obey in a line as a task prints it; undefined without one. */
export function controlIn(line: string): string | undefined {
  const found = CONTROL.exec(visible(line))?.[0];
  return found === undefined ? undefined : `a terminal obeys ${JSON.stringify(found)}`;
}
