import type { Page } from "playwright-core";
import { assert } from "../assert.ts";

/** A notebook in JupyterLab. */
export class LabNotebook {
  readonly page: Page;
  readonly #path: string;

  /** @param path of its file, which JupyterLab's server has in its root */
  constructor(page: Page, path: string) {
    this.page = page;
    this.#path = path;
  }

  /** Opens it, and waits for its kernel. @param address the server's */
  async open(address: string): Promise<void> {
    await this.show(address);
    await this.idle();
  }

  /** Opens it, whether its kernel is there yet or not. @param address the server's */
  async show(address: string): Promise<void> {
    await this.page.goto(`${address}/lab/tree/${this.#path.split("/").at(-1)}?reset`);
    await this.page.locator(".jp-CodeCell .cm-content").first().waitFor({ timeout: 180_000 });
  }

  /** Waits until nothing runs. */
  async idle(): Promise<void> {
    await this.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({
      timeout: 300_000,
    });
  }

  /** Waits until its last cell has been run, and nothing runs. */
  async ended(): Promise<void> {
    const prompt = this.page.locator(".jp-CodeCell .jp-InputPrompt").last();
    await prompt.filter({ hasText: /\[\d+\]/ }).waitFor({ timeout: 300_000 });
    await this.idle();
  }

  /** Chooses from the menus. @param cell of the code cells, which is made the active one first */
  async choose(menu: string, entry: string, cell = 0): Promise<void> {
    await this.page.locator(".jp-CodeCell .cm-content").nth(cell).click();
    await this.page.getByRole("menuitem", { name: menu, exact: true }).click();
    await this.page.getByText(entry, { exact: true }).click();
  }

  /** The outputs with that text. */
  output(hasText: string | RegExp) {
    return this.page.locator(".jp-OutputArea-output", { hasText });
  }

  /** The number of the code cell with that text. */
  async cellWith(text: string): Promise<number> {
    const cells = await this.page.locator(".jp-CodeCell .cm-content").allTextContents();
    const index = cells.findIndex((cell) => cell.includes(text));
    assert(index >= 0, `no cell has ${text}`);
    return index;
  }

  /** Saves it and returns the file's text. */
  async save(): Promise<string> {
    const before = (await Deno.stat(this.#path)).mtime?.getTime();
    await this.choose("File", "Save Notebook");
    for (let i = 0; i < 300; i++) {
      await new Promise((done) => setTimeout(done, 100));
      if ((await Deno.stat(this.#path)).mtime?.getTime() === before) continue;
      const text = await Deno.readTextFile(this.#path);
      if (text.endsWith("}\n")) return text; // written to its end
    }
    throw new Error(`${this.#path} is not saved`);
  }
}
