import fc from "fast-check";
import { figureBundle } from "../../lib/notebook/figure_bundle.ts";
import { figureHtml } from "../../lib/notebook/figure_html.ts";
import { escapeHtml, scriptJson } from "../../lib/notebook/html.ts";
import { inNotebook } from "../../lib/notebook/kernel.ts";
import {
  figurePage,
  liveFigure,
  progress,
  showFigure,
  showMarkdown,
  showPhotos,
  showTable,
} from "../../lib/notebook/mod.ts";
import {
  bleuBars,
  captionLengths,
  featureHeatMap,
  featureProjection,
  figureSvg,
  heatMap,
  histogram,
  lossCurves,
  wordFrequencies,
} from "../../lib/plots/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { printed } from "./printed.ts";

const history = [{ epoch: 0, loss: 2, val_loss: 3 }, { epoch: 1, loss: 1, val_loss: 2.5 }];

Deno.test("outside a notebook everything is one line of text and nothing throws", async () => {
  assert(!inNotebook());
  const lines = await printed(async () => {
    await showFigure(lossCurves(history));
    await (await liveFigure(lossCurves(history.slice(0, 1)))).update(lossCurves(history));
    await showTable({ toRecords: () => [{ word: "dog", count: 3 }] });
    await showMarkdown("# Heading\n\ntext");
    await progress("Encoding", ({ onProgress }) => Promise.resolve(onProgress("Photos", 5, 10)));
  });
  assertEquals(lines.length, 6);
  assert(lines[0].startsWith('Figure "Loss": training (2 points, last 1); validation'), lines[0]);
  assertEquals(lines.slice(3), [
    "Table: 1 row of word, count",
    "# Heading",
    "Encoding: done",
  ]);
});

Deno.test({
  name: "showPhotos() takes bytes and says why a photo cannot be shown",
  ignore: !granted("read", "ffi", "env", "sys"),
  fn: async () => {
    const lines = await printed(() =>
      showPhotos([{ bytes: new Uint8Array(4), caption: ["a dog", "two dogs"] }])
    );
    assertEquals(lines, ['Photos: 1, "a dog" …']);
  },
});

Deno.test("escapeHtml() leaves no character that could end an element or an attribute", () => {
  assertEquals(escapeHtml(`<a href="x">Tom & 'Jerry'</a>`).match(/[<>"']/), null);
  fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(escapeHtml(text))));
});

Deno.test("scriptJson() gives JSON back and never ends the script element", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = scriptJson(value);
    assert(!/[<>]/.test(text));
    assertEquals(JSON.stringify(JSON.parse(text)), JSON.stringify(value));
  }));
  assert(!scriptJson("</script><!--\u2028").includes("<"));
});

Deno.test("figureHtml() is small, holds a picture, and draws in the element of its id", () => {
  const html = figureHtml(lossCurves(history), "x-1");
  assert(html.length < 12_000, String(html.length));
  const [, packed] = /<img src="data:image\/svg\+xml;base64,([^"]+)" alt="Figure /.exec(html)!;
  const svg = new TextDecoder().decode(Uint8Array.fromBase64(packed));
  assertEquals(svg, figureSvg(lossCurves(history)));
  assertEquals(html.match(/data-showtell="x-1"/g)?.length, 2);
});

Deno.test("figureBundle() has Plotly's format, HTML, SVG and text of every figure", () => {
  const figures = [
    lossCurves(history),
    lossCurves([]),
    bleuBars({ "bleu-1": 0.5 }),
    captionLengths([3, 4]),
    wordFrequencies([["a", 3], ["b", 1]], { minCount: 2 }),
    histogram([1, 2]),
    featureHeatMap([1, 2, 3]),
    heatMap([[1, 2]]),
    featureProjection([[0, 1], [1, 0]]),
  ];
  for (const figure of figures) {
    const bundle = figureBundle(figure);
    assertEquals(Object.keys(bundle), [
      "application/vnd.plotly.v1+json",
      "text/html",
      "image/svg+xml",
      "text/plain",
    ]);
    assertEquals(bundle["application/vnd.plotly.v1+json"], figure);
    assert(JSON.stringify(bundle).length < 40_000);
  }
  // Of a kind that is drawn nowhere but in Plotly there is no picture; nothing throws.
  const pie = { data: [{ type: "pie", values: [1] }], layout: { title: { text: "Pie" } } };
  assertEquals(Object.keys(figureBundle(pie)).includes("image/svg+xml"), false);
});

Deno.test({
  name: "figurePage() is one page with plotly.js and an element for each figure",
  ignore: !granted("read"),
  fn: async () => {
    const page = await figurePage([lossCurves(history), lossCurves(history)], "A & B");
    assert(page.includes("<title>A &amp; B</title>"));
    assertEquals(page.match(/<div data-showtell=/g)?.length, 2);
    assertEquals(page.match(/<\/script>/g)?.length, 3);
  },
});
