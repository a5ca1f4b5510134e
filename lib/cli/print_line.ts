import { visible, visibleJson } from "../text/mod.ts";
import { errorLines } from "./error_lines.ts";

/**
 * Prints a line on standard output. What a terminal would obey is shown instead, line ends too, so
 * that no name in a file can end the line or write another.
 *
 * @param fields more than one are separated by tabs
 */
export function printLine(...fields: string[]): void {
  console.log(fields.map(visible).join("\t"));
}

/** Prints a line on standard error, like {@linkcode printLine}. */
export function printErrorLine(line: string): void {
  console.error(visible(line));
}

/** Prints an error with its stack and its causes on standard error. */
export function printError(error: unknown): void {
  for (const line of errorLines(error)) printErrorLine(line);
}

/** Prints a value as a line of JSON on standard output. */
export function printJson(value: unknown): void {
  console.log(visibleJson(value));
}
