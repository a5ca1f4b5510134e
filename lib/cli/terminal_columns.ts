/** Columns of the terminal that standard output is; without one a line may be of any length. */
export function terminalColumns(): number {
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : Infinity;
}
