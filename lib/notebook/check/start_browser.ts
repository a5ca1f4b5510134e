import fs from "node:fs";
import type { Browser } from "playwright-core";

/**
 * Starts Chromium headless, without the features that use the network by themselves.
 *
 * @param executablePath path of the browser's program
 * @param more switches of its command line
 */
export async function startBrowser(
  executablePath: string,
  more: readonly string[] = [],
): Promise<Browser> {
  // When loaded, the package looks for a file in /proc. Node's existsSync never throws; Deno's does
  // there, unless all permissions are granted.
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
        ...more,
      ],
    });
  } finally {
    fs.existsSync = existsSync;
  }
}
