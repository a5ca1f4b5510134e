import { printTable } from "../../lib/cli/mod.ts";
import { assertEquals } from "../assert.ts";

/** What is printed meanwhile. */
function printed(print: () => void): string[] {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => void lines.push(line);
  try {
    print();
  } finally {
    console.log = log;
  }
  return lines;
}

Deno.test("printTable() without a heading aligns all but the first column to the right", () => {
  assertEquals(
    printed(() => printTable([["run", "a"], ["parameters", 12_345], ["loss", 0.5]])),
    ["run              a", "parameters  12,345", "loss        0.5000"],
  );
});

Deno.test("printTable() with a heading aligns columns of numbers alone to the right", () => {
  const rows = [["a", 1, undefined, "x"], ["long name", 1000, 0.25, undefined]];
  assertEquals(printed(() => printTable(rows, ["run", "epochs", "bleu-4", "on"])), [
    "run        epochs  bleu-4  on",
    "a               1       –  x",
    "long name   1,000  0.2500  –",
  ]);
});

Deno.test("printTable() of no rows prints the heading, if there is one", () => {
  assertEquals(printed(() => printTable([], ["run", "size"])), ["run  size"]);
  assertEquals(printed(() => printTable([])), []);
});
