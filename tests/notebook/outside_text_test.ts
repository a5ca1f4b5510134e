import { figureBundle } from "../../lib/notebook/figure_bundle.ts";
import { escapeHtml } from "../../lib/notebook/html.ts";
import { display } from "../../lib/notebook/kernel.ts";
import { showPhotos, showTable } from "../../lib/notebook/mod.ts";
import { plotlyFigure } from "../../lib/notebook/plotly_figure.ts";
import { ToldError } from "../../lib/notebook/told_error.ts";
import { wordFrequencies } from "../../lib/plots/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { printed } from "./printed.ts";

const HOSTILE = '<a href="javascript:x">\x1b[2J\u202e&';

Deno.test("escapeHtml() shows control characters and turns of direction", () => {
  assertEquals(
    escapeHtml(HOSTILE),
    "&lt;a href=&quot;javascript:x&quot;&gt;\\x1b[2J\\u202e&amp;",
  );
});

Deno.test("a word of the vocabulary is no tag and no control character in a figure", () => {
  const figure = wordFrequencies([[HOSTILE, 3], ["dog", 2]], { minCount: 1 });
  const { data } = plotlyFigure(figure);
  const { hovertemplate, text } = data.find((trace) => "hovertemplate" in trace)!;
  assert(String(hovertemplate).endsWith("<extra></extra>"));
  const [first] = text as string[];
  assertEquals(first, '&lt;a href="javascript:x"&gt;\\x1b[2J\\u202e&amp;');
  const { "image/svg+xml": svg, "text/plain": words } = figureBundle(figure);
  for (const each of [svg, words]) {
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]|<a /.test(String(each)), String(each));
  }
});

Deno.test({
  name: "what is printed in place of a table, photos or a display is a line that nothing obeys",
  ignore: !granted("read", "ffi", "env", "sys"),
  fn: async () => {
    const lines = await printed(async () => {
      await showTable([{ "a\nb": 1 }]);
      await showPhotos([{ bytes: new Uint8Array(4), caption: "a\x1b[31m\ndog" }]);
      await display({ "text/plain": "one\ntwo\x07" });
    });
    assertEquals(lines, [
      "Table: 1 row of a\\nb",
      'Photos: 1, "a\\x1b[31m\\ndog" …',
      "one\ntwo\\x07",
    ]);
  },
});

Deno.test("ToldError shows what a terminal would obey", () => {
  const error = new ToldError("Settings", "photos\x1b[2J\nis no folder");
  assertEquals(error.stack, "Settings: photos\\x1b[2J\\nis no folder");
  assertEquals(error.message, "photos\\x1b[2J\\nis no folder");
});
