import { Buffer } from "node:buffer";
import { join } from "node:path";
import type { Page, Route } from "playwright-core";
import { examplePhotos, readExamplePhotos } from "../app/examples/photos.ts";
import type { Example } from "../app/api/schemas.ts";
import { runTask, taskCommand } from "../lib/cli/mod.ts";
import { startBrowser } from "../lib/notebook/mod.ts";
import { writeFileWhole } from "../lib/storage/mod.ts";

const FOLDER = "docs/pictures";

/** A state of the page to be drawn. */
interface Shot {
  width?: number;
  height?: number;
  dark?: boolean;
  /** The whole page, or what the window shows. @default {false} */
  whole?: boolean;
  work?: (page: Page) => Promise<void>;
}

await runTask(async ({ argv, progress }) => {
  const command = taskCommand(
    "pictures:page",
    `Draws the page's pictures into ${FOLDER} from a server that runs (needs Chromium): ` +
      "`deno task serve --run RUN --run shapes`, where RUN knows photos.",
  ).option("--url <url>", "the server", "http://127.0.0.1:8000/")
    .option("--chromium <path>", "the browser", "/usr/bin/chromium")
    .parse(argv, { from: "user" });
  const { url, chromium } = command.opts<{ url: string; chromium: string }>();
  const photos = new Map((await readExamplePhotos()).map(({ id, bytes }) => [id, {
    name: `${id}.jpg`,
    mimeType: "image/jpeg",
    buffer: Buffer.from(bytes),
  }]));
  const pick = async (page: Page, ...ids: string[]) => {
    const files = ids.map((id) => photos.get(id)!);
    await page.locator('input[type="file"]').first().setInputFiles(files);
    await page.locator(".alternatives").first().waitFor();
    if (ids.length > 1) await page.locator(".gallery textarea").nth(ids.length - 1).waitFor();
    await page.waitForLoadState("networkidle");
  };
  const look = (word: number) => async (page: Page) => {
    await pick(page, "camera");
    await page.locator(".word").nth(word).click();
    await page.locator(".spotlight").waitFor();
  };
  const shots: Record<string, Shot> = {
    page_start: { whole: true },
    page_answer: { height: 830, work: (page) => pick(page, "camera") },
    page_unlike: { height: 830, work: (page) => pick(page, "cat") },
    page_overlay: { height: 830, work: look(5) },
    page_gallery: {
      height: 1280,
      work: (page) => pick(page, ...examplePhotos.map(({ id }) => id)),
    },
    page_dark: { height: 830, dark: true, work: look(1) },
    page_phone: { width: 390, height: 844, work: (page) => pick(page, "camera") },
    page_two_runs: {
      width: 1440,
      height: 900,
      async work(page) {
        await page.getByLabel("Compare with").selectOption({ index: 1 });
        await pick(page, "coffee");
        await page.locator(".alternatives").nth(1).waitFor();
      },
    },
    page_curve: {
      height: 830,
      async work(page) {
        await page.locator(".curve summary").click();
        await page.locator(".curve img").waitFor();
        await page.locator(".card").scrollIntoViewIfNeeded();
      },
    },
    page_error: {
      height: 830,
      async work(page) {
        await page.locator('input[type="file"]').first().setInputFiles({
          name: "page.png",
          mimeType: "image/png",
          buffer: Buffer.from("<!DOCTYPE html><p>not a photo</p>"),
        });
        await page.locator(".failure").waitFor();
      },
    },
  };
  const { default: sharp } = await import("sharp");
  const browser = await startBrowser(chromium);
  for (const [name, { width = 1280, height = 800, dark, whole, work }] of Object.entries(shots)) {
    progress.say(name);
    const page = await browser.newPage({
      viewport: { width, height },
      colorScheme: dark ? "dark" : "light",
      locale: "en",
    });
    await page.route("**/api/examples?*", withoutDevPhotos);
    await page.route("**/api/examples", withoutDevPhotos);
    await page.goto(url);
    await page.locator(".offer img").first().waitFor();
    await work?.(page);
    await page.waitForTimeout(600); // what fades in
    const png = await page.screenshot({ fullPage: whole });
    await writeFileWhole(
      join(FOLDER, `${name}.webp`),
      await sharp(png).webp({ quality: 82 }).toBuffer(),
    );
    await page.close();
  }
  await browser.close();
  console.log(FOLDER);
});

/** Photos of a run's data set may not be published here. */
async function withoutDevPhotos(route: Route): Promise<void> {
  const answer = await route.fetch();
  const { examples }: { examples: Example[] } = await answer.json();
  await route.fulfill({ json: { examples: examples.filter(({ kind }) => kind !== "dev") } });
}
