/**
 * Draws the page in all its states: `deno run -A tests/app/page/pictures.ts FOLDER`.
 *
 * @module
 */
import type { Page } from "playwright-core";
import { Buffer } from "node:buffer";
import { readExamplePhotos } from "../../../app/examples/photos.ts";
import { findCommand } from "../../../lib/notebook/check/jupyter.ts";
import { PageInBrowser, type VisitOptions } from "./page_in_browser.ts";

const [folder] = Deno.args;
const browser = await PageInBrowser.start((await findCommand("chromium"))!, "127.0.0.1:1");
const photos = (await readExamplePhotos()).map(({ id, bytes }) => ({
  name: `${id}.jpg`,
  mimeType: "image/jpeg",
  buffer: Buffer.from(bytes),
}));

async function shoot(
  name: string,
  options: VisitOptions,
  work: (page: Page) => Promise<void>,
  fullPage = false,
): Promise<void> {
  await browser.visit(options, async (page) => {
    await page.locator(".offer img").first().waitFor();
    await work(page);
    await page.waitForTimeout(600);
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage });
  });
}

const pick = async (page: Page, ...which: number[]) => {
  await page.locator('input[type="file"]').first().setInputFiles(which.map((i) => photos[i]));
  await page.locator(".alternatives").first().waitFor();
};
const look = async (page: Page) => {
  await pick(page, 0);
  await page.locator(".word").nth(2).click();
  await page.locator(".spotlight").waitFor();
};

await shoot("start", {}, async () => {}, true);
await shoot("answer", {}, (page) => pick(page, 0));
await shoot("overlay", {}, look);
await shoot("gallery", {}, (page) => pick(page, 0, 1, 2, 3), true);
await shoot("two_runs", { width: 1440 }, async (page) => {
  await page.getByLabel("Compare with").selectOption("shapes");
  await pick(page, 1);
});
await shoot("dark", { dark: true }, look);
await shoot("phone", { width: 390, height: 844 }, (page) => pick(page, 2));
await shoot("phone_start", { width: 360, height: 780 }, async () => {}, true);
await shoot("training_curve", {}, async (page) => {
  await page.locator(".curve summary").click();
  await page.locator(".curve img").waitFor();
  await page.locator(".card").scrollIntoViewIfNeeded();
});
await shoot("error", { expected: /Failed to load/ }, async (page) => {
  await page.locator('input[type="file"]').first().setInputFiles({
    name: "page.png",
    mimeType: "image/png",
    buffer: Buffer.from("<!DOCTYPE html><p>not a photo</p>"),
  });
  await page.locator(".failure").waitFor();
});
await shoot("progress", {}, async (page) => {
  browser.engine.slow = 500;
  await page.locator('input[type="file"]').first().setInputFiles(photos[3]);
  await page.locator(".word").nth(2).waitFor();
});
browser.engine.slow = 0;
await browser.stop();
