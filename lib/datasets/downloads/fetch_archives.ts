import { basename, join } from "node:path";
import { z } from "zod";
import {
  digestFile,
  download,
  readTextIfAny,
  unpackZip,
  writeFileWhole,
} from "../../storage/mod.ts";
import type { Listener } from "../../progress/mod.ts";

/** Files to download into the source folder. */
export const downloadSettings = z.array(z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe("address of the file"),
  sha256: z.string().regex(/^[0-9a-fA-F]{64}$/).optional().describe("its checksum"),
  unpack: z.boolean().optional().describe("unpack it; by default if its name ends in .zip"),
}));

type Download = z.infer<typeof downloadSettings>[number];

/** Digest of each file that was fetched before, by URL. */
type Fetched = Record<string, string>;

/**
 * Downloads and unpacks what was not fetched into the folder before; archives are removed once
 * unpacked.
 *
 * @throws {Error} saying what went wrong and what to do
 */
export async function fetchArchives(
  folder: string,
  downloads: readonly Download[],
  { onProgress, say, signal }: Listener,
): Promise<void> {
  const notePath = join(folder, ".showtell-downloads.json");
  const fetched = await readNote(notePath);
  for (const { url, sha256, unpack } of downloads) {
    const before = fetched[url];
    if (before !== undefined && (sha256 === undefined || before === sha256.toLowerCase())) continue;
    const path = join(folder, fileName(url));
    say?.(`Downloading ${url} to ${path}`);
    await download(url, path, { sha256: sha256?.toLowerCase(), onProgress, say, signal });
    fetched[url] = await digestFile(path);
    if (unpack ?? path.toLowerCase().endsWith(".zip")) {
      say?.(`Unpacking ${path}`);
      await unpackZip(path, folder, {
        remedy: "delete it and run again, or check its address in dataset.downloads",
        onProgress,
        signal,
      });
      await writeFileWhole(notePath, JSON.stringify(fetched, null, 2) + "\n");
      await Deno.remove(path);
    } else {
      await writeFileWhole(notePath, JSON.stringify(fetched, null, 2) + "\n");
    }
  }
}

function fileName(url: string): string {
  const name = basename(decodeURIComponent(new URL(url).pathname));
  if (name !== "" && name !== ".." && !name.includes("\\")) return name;
  throw new Error(
    `${url} (dataset.downloads) does not end in a file name: use the address of a file`,
  );
}

async function readNote(path: string): Promise<Fetched> {
  const text = await readTextIfAny(path);
  if (text === undefined) return {};
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} cannot be read: delete it to download everything again`, { cause });
  }
}
