import { findCommand } from "../../../lib/notebook/check/jupyter.ts";
import { runNotebook } from "../../../lib/notebook/mod.ts";
import { readNotebook } from "../../../lib/notebook/check/notebook_file.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { notebookOf } from "./notebook_of.ts";

const root = new URL("../../../", import.meta.url).pathname;
const ignore = !granted("read", "write", "run", "env") ||
  await findCommand("jupyter-nbconvert") === undefined;

/** In data/, so that the kernel finds the repository's deno.json. */
async function inFolder(check: (folder: string) => Promise<void>): Promise<void> {
  await Deno.mkdir(`${root}data`, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: `${root}data` });
  try {
    await check(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "runNotebook() keeps figures, the last state of live ones, and plotly.js once",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/figures.ipynb`;
      const text = JSON.stringify(notebookOf([
        `import { liveFigure, progress, showFigure } from "../../lib/notebook/mod.ts";
         import { bleuBars } from "../../lib/plots/mod.ts";
         const figure = (score: number) => bleuBars({ "bleu-1": score });
         await showFigure(figure(0.125));`,
        `const other = (score: number) => {
           const { data, layout } = figure(score);
           return { data, layout: { ...layout, title: { text: "Live" } } };
         };
         const live = await liveFigure(other(0.25));
         await live.update(other(0.5));
         await live.update(other(0.75));`,
        `await progress("Counting", async ({ onProgress }) => {
           for (let i = 1; i <= 100; i++) onProgress("Photos", i, 100);
         }, { outcome: () => "all counted" });`,
        `Deno.env.get("TZ_OF_TEST") ?? Deno.cwd()`,
      ]));
      await Deno.writeTextFile(path, text);
      const run = await runNotebook(path, { outputFolder: `${folder}/out` });
      assertEquals(run, { notebook: path, output: `${folder}/out/figures.ipynb`, cells: 4 });
      assertEquals(await Deno.readTextFile(path), text);
      const { cells } = await readNotebook(run.output);
      const shown = cells.map(({ outputs }) => (outputs ?? []).map(({ data }) => data!));
      assertEquals(shown.map((outputs) => outputs.length), [2, 1, 1, 1]);
      const [library, figure] = shown[0];
      assert([library["text/html"]].flat().join("").length > 5e5);
      assertEquals(Object.keys(figure).sort(), [
        "application/vnd.plotly.v1+json",
        "image/svg+xml",
        "text/html",
        "text/plain",
      ]);
      const live = shown[1][0]["application/vnd.plotly.v1+json"] as { data: { y: number[] }[] };
      assertEquals(live.data[0].y, [0.75]);
      assert(JSON.stringify(shown[1]).length < 50_000);
      assert(JSON.stringify(shown[2]).includes("all counted"));
      assert(JSON.stringify(shown[3]).includes(folder.split("/").at(-1)!));
    }),
});

Deno.test({
  name: "runNotebook() names notebook, cell and error where a cell throws, and writes nothing",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/broken.ipynb`;
      const cells = ["console.log(1);", 'throw new RangeError("broken here");'];
      await Deno.writeTextFile(path, JSON.stringify(notebookOf(cells)));
      const error = await assertRejects(
        () => runNotebook(path, { outputFolder: `${folder}/out` }),
        Error,
      );
      assertEquals(error.message, `${path}:cell 2 failed: RangeError: broken here`);
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["broken.ipynb"]);
    }),
});

Deno.test({
  name: "runNotebook() that is interrupted leaves neither kernel nor output",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/long.ipynb`;
      const cell = `for (let beat = 1; beat < 600; beat++) {
        Deno.writeTextFileSync("beat", String(beat));
        await new Promise((done) => setTimeout(done, 100));
      }`;
      await Deno.writeTextFile(path, JSON.stringify(notebookOf([cell])));
      const interrupt = new AbortController();
      const run = runNotebook(path, { outputFolder: `${folder}/out`, signal: interrupt.signal });
      const beat = () => Deno.readTextFile(`${folder}/beat`).catch(() => "");
      const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
      for (let tries = 0; tries < 300 && await beat() === ""; tries++) await pause(100);
      assert(await beat() !== "");
      interrupt.abort(new Error("enough"));
      await assertRejects(() => run, Error, "enough");
      await pause(500);
      const last = await beat();
      await pause(1000);
      assertEquals(await beat(), last);
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).includes("out"), false);
    }),
});
