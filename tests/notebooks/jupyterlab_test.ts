import { startBrowser } from "../../lib/notebook/check/start_browser.ts";
import { findCommand, jupyterEnvironment } from "../../lib/notebook/check/jupyter.ts";
import { assert, assertEquals } from "../assert.ts";
import { runAll, startLab } from "../notebook/check/jupyter_lab.ts";
import { granted } from "../permissions.ts";
import { tinyConfig } from "./tiny_config.ts";

const root = new URL("../../", import.meta.url).pathname;
const allowed = granted("read", "write", "run", "net", "env", "sys", "ffi");
const browser = allowed ? await findCommand("chromium") : undefined;
const jupyter = allowed ? await findCommand("jupyter-lab") : undefined;

// Screenshots are kept where this names a folder.
const shots = allowed ? Deno.env.get("SHOWTELL_SCREENSHOTS") : undefined;

Deno.test({
  name: "04 and 05 show their figures in JupyterLab, the loss growing with the epochs",
  ignore: browser === undefined || jupyter === undefined,
  sanitizeOps: false, // the browser's connection
  sanitizeResources: false,
  fn: async () => {
    // Copies, as JupyterLab saves outputs into them; beside notebooks/, for their imports.
    const folder = await Deno.makeTempDir({ dir: root, prefix: ".cells-" });
    const temp = await Deno.makeTempDir();
    const config = `${temp}/tiny.json`;
    await Deno.writeTextFile(config, JSON.stringify(tinyConfig));
    for (const name of ["04_train.ipynb", "05_evaluate.ipynb"]) {
      await Deno.copyFile(`${root}notebooks/${name}`, `${folder}/${name}`);
    }
    const environment = {
      ...await jupyterEnvironment(`${temp}/jupyter`),
      SHOWTELL_CONFIG: config,
      SHOWTELL_DATA: `${temp}/data`,
    };
    const lab = await startLab(jupyter!, folder, environment);
    const chrome = await startBrowser(browser!);
    const page = await chrome.newPage({ viewport: { width: 1100, height: 6000 } });
    const open = async (name: string) => {
      await page.goto(`${lab.address}/lab/tree/${name}?reset`);
      await page.locator(".jp-CodeCell .cm-content").first().waitFor({ timeout: 180_000 });
      await runAll(page);
    };
    const output = (hasText: string) => page.locator(".jp-OutputArea-output", { hasText });
    const shoot = async (name: string) => {
      if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}.png` });
    };
    try {
      await open("04_train.ipynb");
      const live = page.locator(".js-plotly-plot").first();
      await live.waitFor({ timeout: 180_000 });
      const points = () => live.locator(".trace.scatter").first().locator(".point").count();
      const seen = new Set<number>();
      for (let i = 0; i < 600 && !seen.has(3); i++) {
        seen.add(await points());
        await new Promise((done) => setTimeout(done, 50));
      }
      assert(seen.has(3), `points seen: ${[...seen]}`);
      assert(seen.has(1) || seen.has(2), `it was not drawn while training: ${[...seen]}`);
      await output("the run is in").waitFor({ timeout: 180_000 });
      await page.locator(".js-plotly-plot").nth(1).waitFor({ timeout: 180_000 });
      assertEquals(await page.locator(".js-plotly-plot").count(), 2);
      await shoot("04_train");

      await open("05_evaluate.ipynb");
      await output("bleu:coco").last().waitFor({ timeout: 180_000 });
      const bars = page.locator(".js-plotly-plot").first();
      await bars.locator(".bartext").first().waitFor({ timeout: 180_000 });
      const file = await Deno.readTextFile(`${temp}/data/runs/tiny/evaluations/shapes-test.json`);
      const scores: Record<string, number> = JSON.parse(file).scores;
      assertEquals(
        await bars.locator(".bartext").allTextContents(),
        [1, 2, 3, 4].map((n) => scores[`bleu-${n}`].toFixed(3)),
      );
      await shoot("05_evaluate");
    } catch (error) {
      await shoot("failed");
      throw error;
    } finally {
      await chrome.close();
      await lab.stop();
      await Deno.remove(folder, { recursive: true });
      await Deno.remove(temp, { recursive: true });
    }
  },
});
