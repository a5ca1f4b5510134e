import { tableHtml } from "../../lib/notebook/table_html.ts";
import { assertEquals } from "../assert.ts";

/** Text of each cell, and whether it is on the right. */
function cells(html: string): [text: string, isRight: boolean][] {
  return [...html.matchAll(/<t[hd] style="([^"]*)">([^<]*)</g)]
    .map(([, style, text]) => [text, style.includes("text-align: right")]);
}

Deno.test("tableHtml() puts columns of numbers, headings included, on the right", async () => {
  const rows = [{ word: "dog", count: 12345, share: "0.5" }, { word: "cat", count: 7n, share: "" }];
  assertEquals(cells(await tableHtml(rows, {})), [
    ["word", false],
    ["count", true],
    ["share", true],
    ["dog", false],
    ["12,345", true],
    ["0.5", true],
    ["cat", false],
    ["7", true],
    ["", true],
  ]);
});

Deno.test("tableHtml() leaves numbers among words as they are, on the left", async () => {
  const rows = [{ setting: "seed", value: 2024 }, { setting: "kind", value: "shapes" }];
  assertEquals(cells(await tableHtml(rows, { columns: ["value"] })), [
    ["value", false],
    ["2024", false],
    ["shapes", false],
  ]);
});

Deno.test("tableHtml() says how many rows are left out", async () => {
  const html = await tableHtml([{ a: 1 }, { a: 2 }], { limit: 1 });
  assertEquals(html.endsWith("<p>1 more row</p>"), true);
});
