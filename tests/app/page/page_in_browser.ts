/// <reference lib="dom" />
import type { Browser, Page } from "playwright-core";
import { bundlePage } from "../../../app/page/bundle_page.ts";
import { readExamplePhotos } from "../../../app/examples/photos.ts";
import { createServer, listen, type ListeningServer } from "../../../app/server/mod.ts";
import { startBrowser } from "../../../lib/notebook/check/start_browser.ts";
import { assertEquals } from "../../assert.ts";
import { ToldEngine } from "./told_engine.ts";

/** How a page is opened. */
export interface VisitOptions {
  width?: number;
  height?: number;
  dark?: boolean;
  /** Whether the page's policy is put aside, so that a test can add a script. @default {false} */
  bypassCSP?: boolean;
  /** The whole browser's language. @default {en} */
  locale?: string;
  /** Whether the server fetches photos from this machine's test server. @default {false} */
  urls?: boolean;
  /** Messages of the console that the test is about. @default {none} */
  expected?: RegExp;
}

/** The page in Chromium, before the real server with an engine that tells the same of all photos. */
export class PageInBrowser {
  readonly engine: ToldEngine;
  readonly #browser: Browser;
  readonly #server: ListeningServer;
  readonly #urlsServer: ListeningServer;

  /** @param privateHost host and port of a server of this machine that has photos */
  static async start(chromium: string, privateHost: string): Promise<PageInBrowser> {
    const engine = new ToldEngine();
    const options = { engine, page: await bundlePage(), examples: await readExamplePhotos() };
    const browser = await startBrowser(chromium, [
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
    ]);
    return new PageInBrowser(
      engine,
      browser,
      listen(createServer(options), { port: 0 }),
      listen(createServer({ ...options, urls: { privateHosts: [privateHost] } }), { port: 0 }),
    );
  }

  private constructor(
    engine: ToldEngine,
    browser: Browser,
    server: ListeningServer,
    urlsServer: ListeningServer,
  ) {
    this.engine = engine;
    this.#browser = browser;
    this.#server = server;
    this.#urlsServer = urlsServer;
  }

  /** Opens the page; at the end nothing may stand in the console, and no other host be asked. */
  async visit(options: VisitOptions, work: (page: Page) => Promise<void>): Promise<void> {
    const { width = 1280, height = 900, dark, bypassCSP, locale = "en", expected } = options;
    const { url } = options.urls ? this.#urlsServer : this.#server;
    const context = await this.#browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? "dark" : "light",
      bypassCSP,
      locale,
      permissions: ["camera", "clipboard-read", "clipboard-write"],
      acceptDownloads: true,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const faults: string[] = [];
    page.on("console", (message) => {
      const text = message.text();
      if (["error", "warning"].includes(message.type()) && !expected?.test(text)) faults.push(text);
    });
    page.on("pageerror", ({ message }) => faults.push(message));
    page.on("request", (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(url)) {
        faults.push(`asks ${request.url()}`);
      }
    });
    try {
      await page.goto(url);
      await page.locator(".dropzone").waitFor();
      await work(page);
      assertEquals(faults, []);
    } finally {
      await context.close();
    }
  }

  /** Ends browser and servers. */
  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
    await this.#urlsServer.stop();
  }
}

/** Drops or pastes files, as if they came from outside the browser. */
export async function give(
  page: Page,
  kind: "drop" | "paste",
  files: { name: string; type: string; bytes: Uint8Array }[],
): Promise<void> {
  const plain = files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toBase64() }));
  await page.evaluate(([kind, files]) => {
    const data = new DataTransfer();
    for (
      const { name, type, base64 } of files as { name: string; type: string; base64: string }[]
    ) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], name, { type }));
    }
    const more = { bubbles: true, cancelable: true };
    document.body.dispatchEvent(
      kind === "paste"
        ? new ClipboardEvent("paste", { clipboardData: data, ...more })
        : new DragEvent("dragover", { dataTransfer: data, ...more }),
    );
    if (kind === "drop") {
      const isShown = document.querySelector(".drop.over");
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, ...more }));
      return isShown;
    }
  }, [kind, plain] as const);
}
