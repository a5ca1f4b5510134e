import { startBrowser } from "../../lib/notebook/check/start_browser.ts";
import { findCommand, jupyterEnvironment } from "../../lib/notebook/check/jupyter.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { runCell, startLab } from "./check/jupyter_lab.ts";
import { notebookOf } from "./check/notebook_of.ts";

const root = new URL("../../", import.meta.url).pathname;
const allowed = granted("read", "write", "run", "net", "env", "sys");
const browser = allowed ? await findCommand("chromium") : undefined;
const jupyter = allowed ? await findCommand("jupyter-lab") : undefined;

// Screenshots are kept where this names a folder.
const shots = allowed ? Deno.env.get("SHOWTELL_SCREENSHOTS") : undefined;

const cells = [
  `import { liveFigure, progress, showFigure, showPhotos, showTable } from "../../lib/notebook/mod.ts";
import { bleuBars, featureHeatMap, lossCurves } from "../../lib/plots/mod.ts";
await showFigure(bleuBars({ "bleu-1": 0.59, "bleu-2": 0.4, "bleu-3": 0.26, "bleu-4": 0.17 }));`,
  `const history = [{ epoch: 0, loss: 4, val_loss: 4.1, learning_rate: 1e-3 }];
const live = await liveFigure(lossCurves(history, { epochs: 5 }));
for (let epoch = 1; epoch < 5; epoch++) {
  await new Promise((done) => setTimeout(done, 3000));
  history.push({ epoch, loss: 4 / (epoch + 1), val_loss: 3 - epoch * 0.4, learning_rate: 1e-3 });
  await live.update(lossCurves(history, { epochs: 5 }));
}`,
  `await showTable([{ word: "<b>dog</b>", count: 3 }]);
await progress("Encoding", async ({ onProgress }) => onProgress("Photos", 5, 10));
const { default: sharp } = await import("sharp");
const bytes = await sharp({ create: { width: 96, height: 96, channels: 3, background: "teal" } }).png().toBuffer();
await showPhotos([{ bytes, caption: "a teal <square>", note: "log p -1.2" }, { path: "no.jpg" }]);
await showFigure(featureHeatMap([1, 2, 3, 4]));`,
];

Deno.test({
  name: "showFigure() and liveFigure() draw in JupyterLab without any Python package for it",
  ignore: browser === undefined || jupyter === undefined,
  sanitizeOps: false, // the browser's connection
  sanitizeResources: false,
  fn: async () => {
    await Deno.mkdir(`${root}data`, { recursive: true });
    const folder = await Deno.makeTempDir({ dir: `${root}data` });
    const environment = await jupyterEnvironment(`${folder}/jupyter`);
    await Deno.writeTextFile(`${folder}/figures.ipynb`, JSON.stringify(notebookOf(cells)));
    const lab = await startLab(jupyter!, folder, environment);
    const chrome = await startBrowser(browser!);
    const page = await chrome.newPage({ viewport: { width: 1100, height: 2100 } });
    const consoleErrors: string[] = [];
    page.on("pageerror", ({ message }) => void consoleErrors.push(message));
    try {
      await page.goto(`${lab.address}/lab/tree/figures.ipynb`);
      await page.locator(".jp-Notebook .cm-content").first().waitFor({ timeout: 180_000 });

      await runCell(page, 0);
      // The bars: four, each with its value.
      const bars = page.locator(".js-plotly-plot").first();
      await bars.locator(".bartext").first().waitFor({ timeout: 180_000 });
      assertEquals(await bars.locator(".bartext").allTextContents(), [
        "0.590",
        "0.400",
        "0.260",
        "0.170",
      ]);
      // The live figure: points are added while its cell runs, in one element.
      await runCell(page, 1);
      const live = page.locator(".js-plotly-plot").nth(1);
      await live.locator(".trace.scatter").first().waitFor({ timeout: 180_000 });
      const seen = new Set<number>();
      const points = () => live.locator(".trace.scatter").first().locator(".point").count();
      for (let i = 0; i < 300 && !seen.has(5); i++) {
        seen.add(await points());
        await new Promise((done) => setTimeout(done, 100));
      }
      assert(seen.has(5), `points seen: ${[...seen]}`);
      assert([1, 2, 3, 4].filter((count) => seen.has(count)).length >= 3, `seen: ${[...seen]}`);
      await runCell(page, 2);
      await page.getByText("a teal <square>", { exact: true }).waitFor({ timeout: 180_000 });
      await page.locator(".js-plotly-plot .heatmaplayer image").first().waitFor();
      assertEquals(await page.locator(".js-plotly-plot").count(), 3);
      assertEquals(await page.getByText("<b>dog</b>", { exact: true }).count(), 1);
      assert(await page.getByText("no.jpg cannot be shown").isVisible());

      // Reopened without outputs while the kernel lives: the last cell's figure is drawn, with
      // plotly.js as the browser has kept it, though no cell before it is run.
      const image = page.locator(".jp-OutputArea img[alt^='Figure']");
      await page.goto(`${lab.address}/lab/tree/figures.ipynb?reset`);
      await runCell(page, 2);
      await page.locator(".js-plotly-plot .heatmaplayer image").waitFor({ timeout: 60_000 });
      assertEquals(await page.locator(".js-plotly-plot").count(), 1);
      assertEquals(await image.count(), 0);

      // In another browser, which has kept nothing, the still picture is there.
      const context = await chrome.newContext();
      const other = await context.newPage();
      await other.goto(`${lab.address}/lab/tree/figures.ipynb?reset`);
      await runCell(other, 2);
      const picture = other.locator(".jp-OutputArea img[alt^='Figure']");
      await picture.waitFor({ timeout: 60_000 });
      const width = () =>
        picture.evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth);
      assertEquals(await width(), 720);
      assertEquals(await other.locator(".js-plotly-plot").count(), 0);
      // Until the first cell is run again, which brings plotly.js to all.
      await runCell(other, 0);
      await other.locator(".js-plotly-plot").nth(1).waitFor({ timeout: 60_000 });
      assertEquals(await picture.count(), 0);
      assertEquals(consoleErrors, []);
    } finally {
      if (shots !== undefined) await page.screenshot({ path: `${shots}/jupyterlab.png` });
      await chrome.close();
      await lab.stop();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
