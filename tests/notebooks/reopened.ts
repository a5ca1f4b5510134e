import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Notebook } from "../../lib/notebook/check/notebook_file.ts";
import { assert, assertEquals } from "../assert.ts";
import { sampleSome } from "../sample.ts";
import { LabNotebook } from "./lab_notebook.ts";

const FIGURE = "application/vnd.plotly.v1+json";

/** Where notebooks with outputs lie, and what shows them. */
export interface Reopening {
  /** Folder of the files, which JupyterLab's server has in its root. */
  folder: string;
  /** Names of the notebooks, saved with outputs, without `.ipynb`. */
  names: string[];
  /** Of a server that has run none of them. */
  address: string;
  /** Path of `jupyter-nbconvert`. */
  nbconvert: string;
  chrome: Browser;
  /** Gets what goes wrong on a page. */
  watch(page: Page): void;
}

/**
 * Every figure of notebooks that were saved with outputs is drawn where nothing was run and the
 * browser has kept nothing: as they are and without the cell that holds plotly.js (a sample of the
 * notebooks), as a stranger's notebook whose scripts are not run, and as a page of nbconvert's.
 */
export async function checkReopened(given: Reopening): Promise<void> {
  const { folder, names, chrome } = given;
  const context = await chrome.newContext({ viewport: { width: 1100, height: 6000 } });
  await context.addInitScript("delete window.indexedDB; delete Window.prototype.indexedDB;");
  const page = await context.newPage();
  given.watch(page);
  const all: Notebook["cells"] = [];
  let first: Notebook | undefined;
  const opened = sampleSome(names, 0.5, "notebooks opened again");
  for (const name of names) {
    const path = `${folder}/${name}.ipynb`;
    const notebook = new LabNotebook(page, path);
    const read = await readFile(path);
    const cells = read.cells.filter((cell) => cell.cell_type === "code");
    const counts = cells.map(figuresIn);
    const figures = sum(counts);
    assert(figures > 0, name);
    all.push(...cells.filter((cell) => figuresIn(cell) > 0));
    first ??= read;
    if (!opened.includes(name)) continue;
    await notebook.show(given.address);
    await checkDrawn(page, name, { interactive: figures, still: 0 });

    const carrier = cells.findIndex(holdsPlotly);
    const left = figures - counts[carrier];
    if (left > 0) {
      await notebook.choose("Edit", "Clear Cell Output", carrier);
      assertEquals(sum((JSON.parse(await notebook.save()) as Notebook).cells.map(figuresIn)), left);
      await notebook.show(given.address);
      await checkDrawn(page, `${name} without plotly.js`, { interactive: 0, still: left });
    }
  }

  const figures = sum(all.map(figuresIn));
  const written = { ...first!, cells: all.map((cell, i) => ({ ...cell, id: `cell-${i}` })) };
  await Deno.writeTextFile(`${folder}/all.ipynb`, JSON.stringify(written));
  // The server has not signed this one.
  await new LabNotebook(page, `${folder}/all.ipynb`).show(given.address);
  await checkDrawn(page, "not trusted", { interactive: 0, still: figures });
  await checkConverted(given, context, figures);
  await context.close();
}

async function checkConverted(
  { folder, nbconvert, watch }: Reopening,
  context: BrowserContext,
  figures: number,
): Promise<void> {
  const { success, stderr } = await new Deno.Command(nbconvert, {
    args: ["--to=html", `--output-dir=${folder}`, "--output=all", `${folder}/all.ipynb`],
    stderr: "piped",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const page = await context.newPage();
  watch(page);
  // It would load MathJax and require.js.
  await page.route(
    /^https?:/,
    (route) => route.fulfill({ body: "", contentType: "text/javascript" }),
  );
  await page.goto(`file://${folder}/all.html`);
  await checkDrawn(page, "nbconvert's page", { interactive: figures, still: 0 });
}

/** Waits until as many figures are drawn, and no others are there. */
async function checkDrawn(
  page: Page,
  what: string,
  expected: { interactive: number; still: number },
): Promise<void> {
  const drawn = page.locator(".js-plotly-plot:has(.main-svg .gtitle)");
  const stills = page.locator("img[alt^='Figure ']");
  const widths = () =>
    stills.evaluateAll((images) =>
      images.map((image) => (image as unknown as { naturalWidth: number }).naturalWidth)
    );
  const found = async () => ({
    interactive: await drawn.count(),
    still: (await widths()).filter((width) => width === 720).length,
  });
  const end = performance.now() + 180_000;
  while (performance.now() < end && JSON.stringify(await found()) !== JSON.stringify(expected)) {
    await new Promise((done) => setTimeout(done, 100));
  }
  assertEquals(await found(), expected, what);
  assertEquals(await stills.count(), expected.still, `${what}: pictures that are not shown`);
}

function figuresIn({ outputs = [] }: Notebook["cells"][number]): number {
  return outputs.filter(({ data }) => data?.[FIGURE] !== undefined).length;
}

function holdsPlotly({ outputs }: Notebook["cells"][number]): boolean {
  return JSON.stringify(outputs ?? []).includes('showtell.unpack(\\"');
}

function sum(numbers: number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

async function readFile(path: string): Promise<Notebook> {
  return JSON.parse(await Deno.readTextFile(path));
}
