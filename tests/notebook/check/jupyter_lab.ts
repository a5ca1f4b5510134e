import type { Page } from "playwright-core";
import { assert } from "../../assert.ts";

/** Starts a server on a free port; returns its address and how to end it. */
export async function startLab(
  jupyter: string,
  folder: string,
  environment: Record<string, string>,
): Promise<{ address: string; stop: () => Promise<void> }> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const server = new Deno.Command(jupyter, {
    args: [
      "--no-browser",
      "--allow-root",
      `--port=${port}`,
      "--ip=127.0.0.1",
      "--IdentityProvider.token=",
      `--ServerApp.root_dir=${folder}`,
      "--LabApp.news_url=None",
      "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ],
    env: environment,
    stdout: "null",
    stderr: "null",
  }).spawn();
  const address = `http://127.0.0.1:${port}`;
  for (let tries = 0;; tries++) {
    const there = await fetch(`${address}/api`).then((r) => r.body?.cancel(), () => null);
    if (there !== null) break;
    assert(tries < 480, "JupyterLab did not start");
    await new Promise((done) => setTimeout(done, 250));
  }
  return {
    address,
    stop: async () => {
      server.kill("SIGTERM");
      await server.status;
    },
  };
}

/** Runs all cells of the notebook that the page shows. */
export async function runAll(page: Page): Promise<void> {
  await untilRuns(page, async () => {
    await page.locator(".jp-CodeCell .cm-content").first().click();
    await page.getByRole("menuitem", { name: "Run", exact: true }).click();
    await page.getByText("Run All Cells", { exact: true }).click();
  });
}

/** Runs one cell of the notebook that the page shows. @param index of the code cell */
export async function runCell(page: Page, index: number): Promise<void> {
  await untilRuns(page, async () => {
    await page.locator(".jp-CodeCell .cm-content").nth(index).click();
    await page.keyboard.press("Shift+Enter");
  });
}

/**
 * Until a cell shows something. On a busy machine JupyterLab calls a kernel idle that hears nothing
 * yet, and drops what it was asked: cells that are not marked as running are asked to run again.
 */
async function untilRuns(page: Page, ask: () => Promise<void>): Promise<void> {
  await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({
    timeout: 60_000,
  });
  const prompts = page.locator(".jp-CodeCell .jp-InputPrompt");
  const outputs = page.locator(".jp-OutputArea-output");
  const before = await outputs.count();
  const end = performance.now() + 180_000;
  while (performance.now() < end) {
    await ask();
    for (let quiet = 0; quiet < 25 && performance.now() < end;) {
      await new Promise((done) => setTimeout(done, 200));
      if (await outputs.count() > before) return;
      const isRunning = String(await prompts.allTextContents()).includes("*");
      quiet = isRunning ? 0 : quiet + 1;
    }
  }
  throw new Error("No cell of the notebook runs");
}
