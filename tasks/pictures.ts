import { Buffer } from "node:buffer";
import { join } from "node:path";
import { runTask, taskCommand, wrapIndented } from "../lib/cli/mod.ts";
import { photoFolderOf, readDatasetSummary } from "../lib/datasets/mod.ts";
import { figurePage, startBrowser } from "../lib/notebook/mod.ts";
import type { Figure } from "../lib/plots/mod.ts";
import { type EvaluatedPhoto, Run } from "../lib/run/mod.ts";
import { datasetFolder } from "../lib/stages/mod.ts";
import { writeFileWhole } from "../lib/storage/mod.ts";

const FOLDER = "docs/pictures";
const COLUMNS = 4;
const PHOTO = 192;
const TEXT = 58;
const GAP = 12;

await runTask(async ({ argv }) => {
  const command = taskCommand(
    "pictures",
    `Draws the README's pictures into ${FOLDER} from a run's own output (needs Chromium).`,
  ).option("--run <folder>", "a run on drawn photos, evaluated", "data/runs/shapes")
    .option("--chromium <path>", "the browser", "/usr/bin/chromium")
    .parse(argv, { from: "user" });
  const { run: folder, chromium } = command.opts<{ run: string; chromium: string }>();
  const run = new Run(folder);
  const config = await run.readConfig();
  if (config.dataset.kind !== "shapes") {
    throw new Error(
      `${folder} was trained on ${config.dataset.kind}: only drawn photos may be published here`,
    );
  }
  const evaluation = run.evaluation(`shapes-${config.evaluation.split}`);
  // The first of the split, whether their captions are good or bad.
  const photos = (await evaluation.readPhotos()).slice(0, 2 * COLUMNS);
  const dataset = datasetFolder({ config, data: "data" });
  const photoFolder = photoFolderOf(dataset, await readDatasetSummary(dataset));
  await writeFileWhole(join(FOLDER, "captions.jpg"), await gallery(photos, photoFolder));
  const { loss, scores } = await evaluation.readFigures();
  const figures = [loss, scores];
  await writeFileWhole(join(FOLDER, "figures.png"), await screenshot(figures, chromium));
  console.log(FOLDER);
});

/** Photos in rows, each with its caption below. */
async function gallery(photos: EvaluatedPhoto[], folder: string): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  const cell = (i: number) => ({
    left: GAP + (i % COLUMNS) * (PHOTO + GAP),
    top: GAP + Math.floor(i / COLUMNS) * (PHOTO + TEXT + GAP),
  });
  const pictures = await Promise.all(photos.map(async ({ photo }, i) => ({
    ...cell(i),
    input: await sharp(join(folder, photo)).resize(PHOTO, PHOTO, { kernel: "lanczos3" }).toBuffer(),
  })));
  const texts = photos.map(({ caption }, i) => {
    const { left, top } = cell(i);
    return wrapIndented(caption, 27).split("\n").map((line, k) =>
      `<text x="${left}" y="${top + PHOTO + 18 + 17 * k}">${line}</text>`
    ).join("");
  });
  const width = GAP + COLUMNS * (PHOTO + GAP);
  const height = GAP + Math.ceil(photos.length / COLUMNS) * (PHOTO + TEXT + GAP);
  const words = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <g font-family="sans-serif" font-size="14" fill="#222">${texts.join("")}</g></svg>`;
  return await sharp({ create: { width, height, channels: 3, background: "#fff" } })
    .composite([...pictures, { input: Buffer.from(words), left: 0, top: 0 }])
    .jpeg({ quality: 85 }).toBuffer();
}

/** The figures side by side, as the notebooks show them. */
async function screenshot(figures: Figure[], executablePath: string): Promise<Uint8Array> {
  const browser = await startBrowser(executablePath);
  try {
    const page = await browser.newPage({ viewport: { width: 820, height: 760 } });
    await page.setContent(await figurePage(figures, "Showtell"), { waitUntil: "load" });
    await page.locator(".main-svg").first().waitFor();
    await page.waitForTimeout(500);
    return await page.screenshot({ fullPage: true });
  } finally {
    await browser.close();
  }
}
