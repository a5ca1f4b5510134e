import { printLine, printTable } from "../../lib/cli/mod.ts";
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

Deno.test("printTable() aligns a column of numbers alone to the right, another to the left", () => {
  assertEquals(
    printed(() => printTable([["run", "a"], ["parameters", 12_345], ["loss", 0.5]])),
    ["run         a", "parameters  12,345", "loss        0.5000"],
  );
  assertEquals(
    printed(() => printTable([["parameters", 12_345], ["loss", 0.5]])),
    ["parameters  12,345", "loss        0.5000"],
  );
  assertEquals(
    printed(() => printTable([["epochs", 5], ["loss", 0.5]])),
    ["epochs       5", "loss    0.5000"],
  );
});

Deno.test("printTable() with a heading aligns columns of numbers alone to the right", () => {
  const rows = [["a", 1, undefined, "x"], ["long name", 1000, 0.25, undefined]];
  assertEquals(printed(() => printTable(rows, { heading: ["run", "epochs", "bleu-4", "on"] })), [
    "run        epochs  bleu-4  on",
    "a               1       –  x",
    "long name   1,000  0.2500  –",
  ]);
});

Deno.test("printTable() of no rows prints the heading, if there is one", () => {
  assertEquals(printed(() => printTable([], { heading: ["run", "size"] })), ["run  size"]);
  assertEquals(printed(() => printTable([])), []);
});

Deno.test("printTable() rounds numbers for people: four decimals below 10, whole from 100 on", () => {
  const rows = [["a", 0.12345], ["b", 12.345], ["c", 123.45], ["d", 12_345.6], ["e", 7]];
  const cells = printed(() => printTable(rows)).map((line) => line.split(/ +/)[1]);
  assertEquals(cells, ["0.1235", "12.3", "123", "12,346", "7"]);
});

Deno.test("printTable() fits its columns: cells are cut in their middle, optional columns left out", () => {
  const rows = [["a run", '"/home/someone/photos"', "+0.1", "today"]];
  const heading = ["run", "source", "gain", "date"];
  assertEquals(printed(() => printTable(rows, { heading, columns: 35 })), [
    "run    source           gain  date",
    'a run  "/home/…photos"  +0.1  today',
  ]);
  assertEquals(printed(() => printTable(rows, { heading, columns: 38, optional: ["date"] })), [
    "run    source                  gain",
    'a run  "/home/someone/photos"  +0.1',
    "(A wider terminal shows date too; --json has everything.)",
  ]);
});

Deno.test("printTable() shows what a terminal would obey, in headings and in cells", () => {
  const hostile = "a\x1b[2J\n\u202e\x9b";
  assertEquals(
    printed(() => printTable([[hostile, 1]], { heading: [hostile, "n"] })),
    ["a\\x1b[2J\\n\\u202e\\x9b  n", "a\\x1b[2J\\n\\u202e\\x9b  1"],
  );
});

Deno.test("printLine() parts its fields by tabs, which none of them has", () => {
  assertEquals(printed(() => printLine("a\tb\n", "c\x07")), ["a\\tb\\n\tc\\x07"]);
});
