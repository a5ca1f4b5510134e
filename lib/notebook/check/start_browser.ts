import fs from "node:fs";
import type { Browser } from "playwright-core";

/**
 * Starts Chromium without a window, and without anything that asks the network.
 *
 * @param executablePath the browser's program
 */
export async function startBrowser(executablePath: string): Promise<Browser> {
  // The package asks for a file below /proc when it is loaded. Node's existsSync never throws;
  // Deno's does there, unless everything is allowed.
  const { existsSync } = fs;
  fs.existsSync = (path) => {
    try {
      return existsSync(path);
    } catch {
      return false;
    }
  };
  try {
    const { chromium } = await import("playwright-core");
    return await chromium.launch({
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  } finally {
    fs.existsSync = existsSync;
  }
}
