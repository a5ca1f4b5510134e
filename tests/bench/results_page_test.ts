/** The table, the plot and the page made of results. */
import { benchmarksPage } from "../../bench/all/benchmarks_page.ts";
import { readResults, type Results } from "../../bench/all/results.ts";
import { rows as allRows } from "../../bench/all/rows.ts";
import { speedsFigure } from "../../bench/all/speeds_figure.ts";
import { resultsMarkdown } from "../../bench/all/table.ts";
import { figureSvg } from "../../lib/plots/mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";
import { figures, rows } from "./fake_contestants.ts";

const root = new URL("../../", import.meta.url).pathname;

const results: Results = {
  machine: { processor: "Test", cores: 2, memoryGigabytes: 8, library: "TensorFlow 2" },
  sizes: { rounds: 3, steps: 1, photos: 1, captionsFile: "c", imagesFolder: "i" },
  contestants: ["ours", "Keras float32", "Keras bfloat16"],
  rows: {
    "training, batch 64": {
      date: "2026-11-27",
      lines: {
        ours: [[5000, 0.4], [6000, 0.476], [9000, 0.6]].map(([wordsPerSecond, share]) => ({
          wordsPerSecond,
          shareOfMatrixRate: share,
        })),
        "Keras float32": figures("wordsPerSecond", 4000, 3000, 1000),
      },
      open: { "Keras bfloat16": "needs --python" },
    },
    "features to captions": {
      date: "2026-11-26",
      lines: {
        ours: figures("captionsPerSecond", 4440, 4440, 4440),
        "Keras float32": figures("captionsPerSecond", 3, 2.96, 2),
      },
      open: {},
    },
  },
};

const expected =
  `2 cores of Test, 8 GB, TensorFlow 2, measured on 27 November 2026. Medians of 3 rounds, all
contestants in turn; in brackets: ours divided by it, in the same arithmetic where ours has that.

|                      |            | ours  | Keras float32 | Keras bfloat16 | of the matrix rate |
| -------------------- | ---------- | ----- | ------------- | -------------- | ------------------ |
| training, batch 64   | words/s    | 6,000 | 3,000 (2.00)  | –              | 48 %               |
| features to captions | captions/s | 4,440 | 2.96 (1,500)  | –              | –                  |
`;

Deno.test("resultsMarkdown() shows medians, ratios, shares, and a dash where there is none", () => {
  assertEquals(resultsMarkdown(results, rows), expected);
  const nothing = resultsMarkdown({ ...results, rows: {} }, rows);
  assert(nothing.includes("| training, batch 64   | words/s    | –    | –"), nothing);
});

Deno.test("resultsMarkdown() compares a peer with ours of the same arithmetic", () => {
  const lines = Object.entries({
    "ours float32": 100,
    "ours bfloat16": 300,
    "Keras float32": 50,
    "Keras bfloat16": 200,
  }).map(([name, speed]) => [name, figures("wordsPerSecond", speed)] as const);
  const name = "training, batch 64";
  const two = (all: typeof lines): Results => ({
    ...results,
    contestants: lines.map(([name]) => name),
    rows: { [name]: { date: "2026-11-27", lines: Object.fromEntries(all), open: {} } },
  });
  const row = (all: typeof lines) =>
    resultsMarkdown(two(all), rows).match(/words\/s .*/)![0].replaceAll(/ +/g, " ");
  assertEquals(row(lines), "words/s | 100 | 300 | 50 (2.00) | 200 (1.50) | – |");
  // Where ours has no such figure, the default stands in.
  assertEquals(row(lines.toSpliced(1, 1)), "words/s | 100 | – | 50 (2.00) | 200 (0.50) | – |");
  assertEquals(
    speedsFigure(two(lines), rows)!.data.map(({ name, y }) => [name, y]),
    [["ours float32", [2]], ["ours bfloat16", [6]], ["Keras float32", [1]], ["Keras bfloat16", [
      4,
    ]]],
  );
});

Deno.test("speedsFigure() relates all speeds to the first peer's", () => {
  const figure = speedsFigure(results, rows)!;
  assertEquals(figure.data.map(({ name, x, y }) => [name, x, y]), [
    ["ours", ["training 64"], [2]],
    ["Keras float32", ["training 64"], [1]],
  ]);
  assert(figureSvg(figure)!.includes("<rect"));
  assertEquals(speedsFigure({ ...results, contestants: ["ours"] }, rows), undefined);
  assertEquals(speedsFigure({ ...results, rows: {} }, rows), undefined);
});

Deno.test("benchmarksPage() replaces what is between its markers, and nothing else", () => {
  const page =
    "# A\n\n<!-- made by `deno task bench docs`: begin -->\n\nold\n\n<!-- end -->\n\nB\n";
  const made = benchmarksPage(page, results, rows);
  const picture = "![Speed of training and of encoders](pictures/benchmarks.svg)";
  assertEquals(made, page.replace("old", `${expected}\n${picture}`));
  assertEquals(benchmarksPage(made, results, rows), made);
  assertThrows(() => benchmarksPage("# A\n", results, rows), Error, "lacks its markers");
});

const ignore = !granted("read", "run");

Deno.test({
  name: "docs/benchmarks.md: its figures are those of docs/results.json",
  ignore,
  async fn() {
    const page = await Deno.readTextFile(`${root}docs/benchmarks.md`);
    const measured = await readResults(`${root}docs`);
    if (measured === undefined) benchmarksPage(page, results, rows); // its markers are there
    else assertEquals(benchmarksPage(page, measured, allRows), page);
  },
});

Deno.test({
  name: "benchmarksPage() writes what deno fmt leaves as it is",
  ignore,
  async fn() {
    const page = await Deno.readTextFile(`${root}docs/benchmarks.md`);
    for (const processor of ["Test", "Intel(R) Xeon(R) Platinum 8481C CPU with AVX2, AMX-BF16"]) {
      const machine = { ...results.machine, processor };
      const made = benchmarksPage(page, { ...results, machine }, rows);
      assertEquals(await formatted(made), made);
    }
  },
});

async function formatted(page: string): Promise<string> {
  const formatter = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext=md", `--config=${root}deno.json`, "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = formatter.stdin.getWriter();
  await writer.write(new TextEncoder().encode(page));
  await writer.close();
  return new TextDecoder().decode((await formatter.output()).stdout);
}
