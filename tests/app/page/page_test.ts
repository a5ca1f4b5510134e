/// <reference lib="dom" />
import { Buffer } from "node:buffer";
import type { Page } from "playwright-core";
import { readExamplePhotos } from "../../../app/examples/photos.ts";
import { findCommand } from "../../../lib/notebook/check/jupyter.ts";
import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { give, PageInBrowser, type VisitOptions } from "./page_in_browser.ts";

const allowed = granted("read", "write", "run", "net", "env", "sys", "ffi");
const chromium = allowed ? await findCommand("chromium") : undefined;

const CAPTION = "a brown dog runs through the grass";

/** The words that stand large. */
const caption = (page: Page) =>
  page.locator(".word").evaluateAll((words) =>
    words.map((word) => word.firstChild!.textContent).join(" ")
  );

/** Waits until a whole answer is there, so many times. */
async function answered(page: Page, times = 1): Promise<void> {
  await page.locator(".alternatives").nth(times - 1).waitFor();
}

/** Findings of axe-core that keep people out. */
async function barriers(page: Page): Promise<string[]> {
  const script = await Deno.readTextFile(new URL(import.meta.resolve("axe-core")));
  await page.evaluate(script);
  const { violations } = await page.evaluate(() =>
    // deno-lint-ignore no-explicit-any -- axe is there by the script above
    (globalThis as any).axe.run() as Promise<
      { violations: { id: string; impact: string; nodes: { html: string }[] }[] }
    >
  );
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** Whether the page is wider than the window. */
const overflows = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

Deno.test({
  name: "the page in Chromium: every way to give a photo, the answer, looks, keyboard",
  ignore: chromium === undefined,
  sanitizeOps: false, // the browser's connection
  sanitizeResources: false,
  fn: async (t) => {
    const [, cat, coffee] = await readExamplePhotos();
    const web = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response(coffee.bytes, { headers: { "Content-Type": "image/jpeg" } }),
    );
    const host = `127.0.0.1:${web.addr.port}`;
    const browser = await PageInBrowser.start(chromium!, host);
    const file = (name = "cat.jpg") => ({ name, type: "image/jpeg", bytes: cat.bytes });
    const step = (name: string, work: (page: Page) => Promise<void>, options: VisitOptions = {}) =>
      t.step({
        name,
        fn: () => browser.visit(options, work),
        sanitizeOps: false,
        sanitizeResources: false,
      });
    const pick = (page: Page, ...names: string[]) =>
      page.locator('input[type="file"]').first().setInputFiles(
        names.map((name) => ({ name, mimeType: "image/jpeg", buffer: Buffer.from(cat.bytes) })),
      );
    try {
      await step("drop: shown at once, greedy words, then the beam's caption", async (page) => {
        browser.engine.slow = 60;
        await give(page, "drop", [file()]);
        await page.locator(".frame img").waitFor();
        await page.locator(".word").first().waitFor();
        assertEquals(await page.locator(".alternatives").count(), 0);
        await answered(page);
        browser.engine.slow = 0;
        assertEquals(await caption(page), CAPTION);
        assertEquals(await page.locator('[aria-live="polite"].unseen').innerText(), CAPTION);
        assertEquals(await page.locator(".progress .ended").count(), 3);
      });
      await step("paste", async (page) => {
        await give(page, "paste", [file("pasted.png")]);
        await answered(page);
        assertEquals(await page.locator(".photo .name").innerText(), "pasted.png");
      });
      await step("camera, which is off afterwards", async (page) => {
        await page.getByRole("button", { name: "Take a picture" }).click();
        const take = page.getByRole("button", { name: "Take picture" });
        await take.click();
        await answered(page);
        assertEquals(await page.locator("video").count(), 0);
        assert((await page.locator(".photo .name").innerText()).startsWith("camera-"));
      });
      await step("URL: a sentence where the server fetches none", async (page) => {
        await page.getByRole("button", { name: "From the web" }).click();
        // Escape closes it only once it is open, which follows its text.
        const sentence = await page.locator("dialog[open] p").innerText();
        assert(sentence.includes("--allow-urls"), sentence);
        await page.keyboard.press("Escape");
        await page.locator("dialog").waitFor({ state: "detached" });
      });
      await step("URL: captioned and shown, with nothing asked of its host", async (page) => {
        await page.getByRole("button", { name: "From the web" }).click();
        await page.locator("dialog input").fill("photo.jpg");
        await page.keyboard.press("Enter");
        await page.locator(".wrong", { hasText: "https://" }).waitFor();
        await page.locator("dialog input").fill(`http://${host}/coffee.jpg`);
        await page.keyboard.press("Enter");
        await answered(page);
        await page.locator(".frame img").waitFor();
        assertEquals(await page.locator(".photo .name").innerText(), "coffee.jpg");
      }, { urls: true });
      await step("examples: a photo with its source, and drawn shapes", async (page) => {
        await page.locator(".examples small", { hasText: "CC0" }).first().waitFor();
        await page.locator(".offer").first().click();
        await answered(page);
        assertEquals(await page.locator(".photo .name").innerText(), "camera.jpg");
      });
      await step("gallery: edit, CSV without formulas, remove", async (page) => {
        await pick(page, "one.jpg", "two.jpg", "=three.jpg");
        await page.locator(".item textarea").nth(2).waitFor();
        await page.locator(".item textarea").first().fill('=HYPERLINK("x")');
        const download = page.waitForEvent("download");
        await page.getByRole("button", { name: "Download as CSV" }).click();
        const csv = await Deno.readTextFile(await (await download).path());
        assertEquals(csv.split("\r\n").slice(0, 4), [
          "\ufeffphoto,caption,edited,model,logProbability",
          `one.jpg,"'=HYPERLINK(""x"")",true,flickr8k_mobilenet,-4.31`,
          `two.jpg,${CAPTION},false,flickr8k_mobilenet,-4.31`,
          `'=three.jpg,${CAPTION},false,flickr8k_mobilenet,-4.31`,
        ]);
        await page.getByRole("button", { name: "Remove one.jpg" }).click();
        assertEquals(await page.locator(".item").count(), 2);
        await page.getByRole("button", { name: "Remove all" }).click();
        await page.locator(".dropzone").waitFor();
      });
      await step("beams: others with log probabilities; a slider captions again", async (page) => {
        await pick(page, "one.jpg");
        await answered(page);
        const rows = page.locator(".alternatives tbody tr");
        assertEquals(await rows.locator(".number").allInnerTexts(), ["−4.31", "−4.52", "−4.93"]);
        assertEquals(await rows.nth(1).locator(".tag").innerText(), "greedy");
        await page.getByRole("slider", { name: "Beam width" }).fill("1");
        await page.locator(".caption", { hasText: "water" }).waitFor();
        assertEquals(browser.engine.batches.at(-1)?.beam, 1);
      });
      await step("shading: by probability, the figure on focus and in a table", async (page) => {
        await pick(page, "one.jpg");
        await answered(page);
        const grass = page.locator(".word").last();
        assertEquals(await grass.getAttribute("aria-label"), "grass, 27%");
        assert((await grass.getAttribute("class"))!.includes("doubt4"));
        await page.locator(".word").first().focus();
        await page.keyboard.press("End");
        assert(await grass.locator(".figure").isVisible());
        await page.locator(".wordtable summary").click();
        assertEquals(await page.locator(".wordtable td.number").last().innerText(), "0.2700");
      });
      await step("overlay: a word's regions over the photo, by keyboard too", async (page) => {
        await pick(page, "one.jpg");
        await answered(page);
        await page.locator(".word").first().focus();
        await page.keyboard.press("ArrowRight");
        await page.keyboard.press("Enter");
        await page.locator(".spotlight").waitFor();
        assert((await page.locator("figcaption").innerText()).includes("“brown”"));
        await page.getByRole("button", { name: "Show the whole photo" }).click();
        assertEquals(await page.locator(".spotlight").count(), 0);
      });
      await step("copy, edit, share as picture, JSON", async (page) => {
        await pick(page, "one.jpg");
        await answered(page);
        await page.getByRole("button", { name: "Copy" }).first().click();
        assertEquals(await page.evaluate(() => navigator.clipboard.readText()), CAPTION);
        await page.getByRole("button", { name: "Edit" }).click();
        await page.getByLabel("Your caption").fill("a cat looks");
        const save = async (name: string) => {
          const download = page.waitForEvent("download");
          await page.getByRole("button", { name }).first().click();
          return await Deno.readFile(await (await download).path());
        };
        assertEquals([...(await save("Share as picture")).subarray(1, 4)], [80, 78, 71]); // PNG
        const json = JSON.parse(new TextDecoder().decode(await save("JSON")));
        assertEquals([json.photo, json.caption, json.edited], ["one.jpg", CAPTION, "a cat looks"]);
      });
      await step("nothing moves while the answer comes, on a phone", async (page) => {
        await page.evaluate(() => {
          const shifts: number[] = [];
          Object.assign(globalThis, { shifts });
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
              shifts.push((entry as PerformanceEntry & { value: number }).value);
            }
          }).observe({ type: "layout-shift" });
        });
        browser.engine.slow = 100; // past the half second in which a shift counts as asked for
        await pick(page, "one.jpg");
        await answered(page);
        browser.engine.slow = 0;
        await page.waitForTimeout(200);
        const sum = await page.evaluate(() =>
          (globalThis as unknown as { shifts: number[] }).shifts.reduce((a, b) => a + b, 0)
        );
        assert(sum < 0.02, String(sum));
      }, { width: 390, height: 844 });
      await step("two runs side by side; what one cannot do is said", async (page) => {
        await page.getByLabel("Compare with").selectOption("shapes");
        await page.locator(".banner", { hasText: "shapes was trained on drawn shapes" }).waitFor();
        await page.getByRole("button", { name: "Draw one" }).first().click();
        await answered(page, 2);
        assertEquals(await page.locator(".modelname").allInnerTexts(), [
          "flickr8k_mobilenet",
          "shapes",
        ]);
        assert(await page.locator(".warning", { hasText: "do not trust" }).isVisible());
        assertEquals(await overflows(page), false);
      });
      await step("Stop frees the engine", async (page) => {
        browser.engine.slow = 150;
        const before = browser.engine.left;
        await pick(page, "one.jpg");
        await page.locator(".word").first().waitFor();
        await page.getByRole("button", { name: "Stop" }).click();
        await page.getByText("Stopped.").waitFor();
        for (let i = 0; i < 40 && browser.engine.left === before; i++) {
          await page.waitForTimeout(100);
        }
        browser.engine.slow = 0;
        assertEquals(browser.engine.left, before + 1);
      });
      await step("an unreadable file: the server's sentence as an alert", async (page) => {
        const bytes = new TextEncoder().encode("<!DOCTYPE html><p>not a photo</p>");
        await give(page, "drop", [{ name: "<b>page</b>.png", type: "image/png", bytes }]);
        const alert = page.locator(".failure");
        await alert.waitFor();
        assertEquals(await alert.getAttribute("role"), "alert");
        assertEquals(await page.locator(".photo b").count(), 0);
      }, { expected: /Failed to load resource.*(4\d\d)/ });
      await step("training curve: loaded when it is asked for", async (page) => {
        const loaded: string[] = [];
        page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
        await page.locator(".curve summary").click();
        await page.locator(".curve img").waitFor();
        assert(loaded.includes("/training_curve.js"));
      });
      await step("German, with the choice on the page", async (page) => {
        await page.getByRole("heading", { name: "Gib ihm ein Foto" }).waitFor();
        await page.getByLabel("Sprache").selectOption("en");
        await page.getByRole("heading", { name: "Give it a photo" }).waitFor();
        assertEquals(await page.locator("html").getAttribute("lang"), "en");
      }, { locale: "de" });
      await step("keyboard alone: from the address bar to a caption's word", async (page) => {
        await page.keyboard.press("Tab");
        assertEquals(await page.evaluate(() => document.activeElement!.className), "skip");
        await page.keyboard.press("Enter");
        for (let i = 0; i < 12; i++) {
          await page.keyboard.press("Tab");
          if (await page.evaluate(() => document.activeElement!.classList.contains("offer"))) break;
        }
        await page.keyboard.press("Enter");
        await answered(page);
        for (let i = 0; i < 40; i++) {
          await page.keyboard.press("Tab");
          if (await page.evaluate(() => document.activeElement!.classList.contains("word"))) break;
        }
        await page.keyboard.press("Space");
        await page.locator(".spotlight").waitFor();
      });
      for (const dark of [false, true]) {
        for (const width of [360, 1440]) {
          const looks = `${dark ? "dark" : "light"}, ${width} px`;
          await step(`${looks}: nothing keeps people out, nothing overflows`, async (page) => {
            assertEquals(await barriers(page), [], "start");
            assertEquals(await overflows(page), false);
            await pick(page, "one.jpg", "two.jpg");
            await answered(page);
            assertEquals(await barriers(page), [], "answer");
            assertEquals(await overflows(page), false);
          }, { dark, width, bypassCSP: true });
        }
      }
    } finally {
      await browser.stop();
      await web.shutdown();
    }
  },
});
