import type { Page } from "playwright-core";
import { drawScene, randomScenes } from "../../lib/datasets/mod.ts";
import { findCommand, jupyterEnvironment } from "../../lib/notebook/check/jupyter.ts";
import { startBrowser } from "../../lib/notebook/check/start_browser.ts";
import { Random } from "../../lib/random/mod.ts";
import { readHistory } from "../../lib/training/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { runAll, startLab } from "../notebook/check/jupyter_lab.ts";
import { granted } from "../permissions.ts";
import { LabNotebook } from "./lab_notebook.ts";
import { notebookNames } from "./notebook_names.ts";
import { checkReopened } from "./reopened.ts";
import { tinyConfig } from "./tiny_config.ts";
import { trainTask } from "./train_task.ts";

const root = new URL("../../", import.meta.url).pathname;
const allowed = granted("read", "write", "run", "net", "env", "sys", "ffi");
const browser = allowed ? await findCommand("chromium") : undefined;
const jupyter = allowed ? await findCommand("jupyter-lab") : undefined;
const nbconvert = allowed ? await findCommand("jupyter-nbconvert") : undefined;

// Screenshots are kept where this names a folder.
const shots = allowed ? Deno.env.get("SHOWTELL_SCREENSHOTS") : undefined;

/** Small steps, so that an epoch takes long enough to be interrupted. */
const OWN = { epochs: 4, "training.batchSize": 1 };

/** Eighty photos of one's own and a table of what is in them. */
async function drawPhotos(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  const lines = ["file,caption,split"];
  for (const [i, scene] of randomScenes(80, new Random(7, "own")).entries()) {
    const file = `photo${i}.png`;
    await Deno.writeFile(`${folder}/${file}`, await drawScene(scene, { size: 64 }));
    const { colour, shape } = scene;
    const split = i < 60 ? "train" : i < 70 ? "dev" : "test";
    lines.push(
      `${file},a ${colour} ${shape},${split}`,
      `${file},there is a ${colour} ${shape},${split}`,
    );
  }
  await Deno.writeTextFile(`${folder}/captions.csv`, lines.join("\n") + "\n");
}

Deno.test({
  name:
    "the seven notebooks in JupyterLab: own photos and settings, an interrupt in epoch 3, no file " +
    "changed by saving, every figure drawn in notebooks opened again",
  ignore: browser === undefined || jupyter === undefined || nbconvert === undefined,
  sanitizeOps: false, // the browser's connection
  sanitizeResources: false,
  fn: async () => {
    // Copies, as JupyterLab saves into them; beside notebooks/, for their imports.
    const folder = await Deno.makeTempDir({ dir: root, prefix: ".cells-" });
    const temp = await Deno.makeTempDir();
    await drawPhotos(`${temp}/photos`);
    const settings = Object.entries({ name: "own", photos: `${temp}/photos`, ...OWN })
      .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},`).join(" ");
    const texts = new Map<string, string>();
    for (const name of notebookNames) {
      const text = (await Deno.readTextFile(`${root}notebooks/${name}.ipynb`))
        .replace("openExperiment({\\n", `openExperiment({ ${settings.replaceAll('"', '\\"')}\\n`)
        .replace('const myPhoto = \\"\\"', `const myPhoto = \\"${temp}/photos/photo70.png\\"`);
      assert(text.includes(`${temp}/photos`), name);
      texts.set(name, text);
      await Deno.writeTextFile(`${folder}/${name}.ipynb`, text);
    }
    const config = `${temp}/tiny.json`;
    await Deno.writeTextFile(config, JSON.stringify(tinyConfig));
    const environment = {
      ...await jupyterEnvironment(`${temp}/jupyter`),
      SHOWTELL_CONFIG: config,
      SHOWTELL_DATA: `${temp}/data`,
    };
    let lab = await startLab(jupyter!, folder, environment);
    const chrome = await startBrowser(browser!);
    const page = await chrome.newPage({ viewport: { width: 1100, height: 6000 } });
    const errors: string[] = [];
    const watch = (page: Page) => {
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(`${message.text()} ${message.location().url}`);
      });
      page.on("pageerror", ({ message }) => errors.push(message));
    };
    watch(page);
    const shoot = async (name: string) => {
      if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}.png` });
    };
    const run = `${temp}/data/runs/own`;
    try {
      for (const name of notebookNames) {
        const notebook = new LabNotebook(page, `${folder}/${name}.ipynb`);
        await notebook.open(lab.address);
        assertEquals(await notebook.save(), texts.get(name), `${name} was changed by saving`);
        await runAll(page);
        if (name === "04_train") await interruptAndResume(notebook, `${run}/history.jsonl`);
        await notebook.ended();
        assertEquals(
          await page.locator('.jp-OutputArea-output[data-mime-type*="stderr"]').count(),
          0,
          `${name} has an error`,
        );
        await shoot(name);
        if (name === "05_evaluate") await checkBars(notebook, run);
        await Deno.writeTextFile(`${folder}/${name}-kept.ipynb`, await notebook.save());
        await notebook.choose("Edit", "Clear Outputs of All Cells");
        assertEquals(await notebook.save(), texts.get(name), `${name} was changed by running`);
      }
      assertEquals(errors, []);
      await page.goto("about:blank"); // which would miss the server
      await lab.stop();
      lab = await startLab(jupyter!, folder, environment);
      const names = notebookNames.map((name) => `${name}-kept`);
      const { address } = lab;
      await checkReopened({ folder, names, address, nbconvert: nbconvert!, chrome, watch });
      assertEquals(errors, []);
      // The same weights as without an interrupt.
      await trainTask(temp, config, [
        "--name=whole",
        "--dataset.kind=folder",
        `--dataset.source=${temp}/photos`,
        "--training.epochs=4",
        "--training.batchSize=1",
      ]);
      const weights = (name: string, file: string) =>
        Deno.readFile(`${temp}/data/runs/${name}/checkpoints/${file}.safetensors`);
      for (const file of ["best", "last"]) {
        assertEquals(await weights("own", file), await weights("whole", file), file);
      }
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

/** Presses ■ in epoch 3, and runs the cell again and those below it. */
async function interruptAndResume(notebook: LabNotebook, history: string): Promise<void> {
  const { page } = notebook;
  const live = page.locator(".js-plotly-plot").first();
  await notebook.output(/Epoch 3 of 4: /).waitFor({ timeout: 300_000 });
  const points = await live.locator(".trace.scatter").first().locator(".point").count();
  assert(points === 1 || points === 2, `${points} epochs are drawn in the third`);
  await page.getByTitle(/Interrupt the kernel/i).first().click();
  const error = notebook.output(/^Interrupted: at epoch 3, /);
  await error.waitFor({ timeout: 60_000 });
  assert(
    /^Interrupted: at epoch 3, \d+ of 120 steps\. What is finished is kept; run this cell again to resume\.\s*$/
      .test(await error.innerText()),
    await error.innerText(),
  );
  assertEquals((await readHistory(history)).length, 2);
  await notebook.ended();
  await checkNotRun(notebook);
  await notebook.choose(
    "Run",
    "Run Selected Cell and All Below",
    await notebook.cellWith("trainAgain"),
  );
  await notebook.output("the run is in").last().waitFor({ timeout: 300_000 });
  await notebook.idle();
  assertEquals((await readHistory(history)).length, 4);
  await live.locator(".trace.scatter").first().locator(".point").nth(3).waitFor();
  assertEquals(await page.locator("td", { hasText: "★ best" }).count(), 1);
  assertEquals(await page.locator("td", { hasText: /^[1-4]\/4$/ }).count(), 4);
}

/** The cells below the interrupted one say that they were not run, and nothing else. */
async function checkNotRun(notebook: LabNotebook): Promise<void> {
  const cells = notebook.page.locator(".jp-CodeCell");
  const below = await cells.count() - await notebook.cellWith("trainAgain") - 1;
  assert(below >= 4);
  for (const text of (await cells.allInnerTexts()).slice(-below)) {
    const { length } = text.split(
      'Not run: "Training" above was interrupted. Run that cell again, then this one.',
    );
    assertEquals(length, 2, text);
  }
}

/** The bars are those of the evaluation's file. */
async function checkBars({ page }: LabNotebook, run: string): Promise<void> {
  const bars = page.locator(".js-plotly-plot").first();
  await bars.locator(".bartext").first().waitFor({ timeout: 180_000 });
  const file = await Deno.readTextFile(`${run}/evaluations/folder-test.json`);
  const scores: Record<string, number> = JSON.parse(file).scores;
  assertEquals(
    await bars.locator(".bartext").allTextContents(),
    [1, 2, 3, 4].map((n) => scores[`bleu-${n}`].toFixed(3)),
  );
}
