/**
 * Ends with 1 and a sentence if this Deno is too old. Every task runs it first, as a program of its
 * own: before 2.5, Deno knows no `-P` and would not come as far as the task.
 */
import { oldDeno } from "./old_deno.ts";

const problem = oldDeno(Deno.version.deno);
if (problem !== undefined) {
  console.error(`Error: ${problem}`);
  Deno.exit(1);
}
