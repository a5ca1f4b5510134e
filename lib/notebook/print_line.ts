import { visible } from "../text/mod.ts";

/** Prints a line under the cell; what a terminal would obey, and ANSI colours, are shown instead. */
export function printLine(line: string): void {
  console.log(visible(line));
}
