import { basename, join, resolve } from "node:path";
import { z } from "zod";
import {
  AllowedHosts,
  digestFile,
  download,
  exists,
  explainWriteError,
  isFile,
  openLocked,
  unlessNotFound,
} from "../../storage/mod.ts";
import type { PrepareContext } from "../dataset_source.ts";
import { DownloadNote, notePath } from "./download_note.ts";
import { refuseProtected } from "./protected_folders.ts";
import { OWN_NAMES, unpackArchive } from "./unpack_archive.ts";

/** Files to download. */
export const downloadSettings = z.array(z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe("address of the file"),
  sha256: z.string().regex(/^[0-9a-fA-F]{64}$/).optional().describe("its checksum"),
  unpack: z.boolean().optional().describe("unpack it; by default if its name ends in .zip"),
  hosts: z.array(z.string().min(1)).optional().describe(
    "further hosts that it may redirect to; with their port (localhost:8000), also on this machine " +
      "or in a private network",
  ),
}));

type Downloads = z.infer<typeof downloadSettings>;

/** The folder of a source that downloads go into, and nothing else. */
export function downloadsFolder(source: string): string {
  return join(resolve(source), "downloads");
}

/**
 * Downloads and unpacks what was not fetched before into a source's folder of downloads, over no file
 * that is there; archives are removed once unpacked.
 *
 * @returns that folder
 * @throws {Error} saying what went wrong and what to do
 */
export async function fetchArchives(
  source: string,
  downloads: Downloads,
  context: PrepareContext,
): Promise<string> {
  const folder = downloadsFolder(source);
  await refuseProtected(folder, resolve(context.folder, "..", ".."), "dataset.source");
  if (await exists(notePath(source))) {
    throw new Error(
      `${
        notePath(source)
      } is of an earlier version, which downloaded into ${source} itself: move ` +
        `what it downloaded into ${folder}, and delete the note`,
    );
  }
  checkNames(downloads);
  await Deno.mkdir(folder, { recursive: true }).catch((error) => {
    throw explainWriteError(error, join(folder, "…"), folder);
  });
  const lock = join(folder, `${OWN_NAMES}lock`);
  using _file = await openAlone(lock, folder, context);
  try {
    const note = await DownloadNote.read(folder);
    const hosts = new AllowedHosts(downloads.map(({ url }) => url), {
      named: downloads.flatMap(({ hosts = [] }) => hosts),
      setting: "hosts of dataset.downloads",
    });
    for (const each of downloads) await fetchOne(each, folder, note, hosts, context);
    return folder;
  } finally {
    await Deno.remove(lock).catch(() => {}); // while it is locked, so that nobody else's is removed
  }
}

async function fetchOne(
  { url, sha256, unpack }: Downloads[number],
  folder: string,
  note: DownloadNote,
  hosts: AllowedHosts,
  { onProgress, say, signal }: PrepareContext,
): Promise<void> {
  const path = join(folder, fileName(url));
  const before = note.digest(url);
  const isArchive = unpack ?? path.toLowerCase().endsWith(".zip");
  const isKnown = before !== undefined &&
    (sha256 === undefined || before === sha256.toLowerCase());
  if (isKnown && (isArchive || await isFile(path))) return;
  const there = await Deno.lstat(path).catch(unlessNotFound);
  if (there !== undefined && !await isFile(path)) {
    const what = there.isDirectory ? "a folder" : "a link to nothing";
    throw new Error(`${url} is not downloaded: ${path} is ${what}; move it away`);
  }
  // What came from there before may be replaced by what comes now; nothing else.
  const isOurs = there !== undefined && before === await digestFile(path);
  say?.(`Downloading ${url} to ${path}`);
  await download(url, path, {
    sha256: sha256?.toLowerCase(),
    keepsOthers: !isOurs,
    hosts,
    onProgress,
    say,
    signal,
  });
  const digest = await digestFile(path);
  if (isArchive) {
    say?.(`Unpacking ${path}`);
    await unpackArchive(path, folder, { onProgress, signal });
  }
  await note.add(url, digest);
  if (isArchive) await Deno.remove(path);
}

function checkNames(downloads: Downloads): void {
  const urls = new Map<string, string>();
  for (const { url } of downloads) {
    const name = fileName(url);
    const other = urls.get(name);
    if (other !== undefined && other !== url) {
      throw new Error(
        `${other} and ${url} (dataset.downloads) would be one file, ${name}: leave one of them out`,
      );
    }
    urls.set(name, url);
  }
}

function fileName(url: string): string {
  const { pathname } = new URL(url);
  const name = basename(decoded(pathname));
  const isPlain = !["", ".", ".."].includes(name) && !/[\\\p{Cc}]/u.test(name);
  if (isPlain && !name.startsWith(OWN_NAMES)) return name;
  throw new Error(
    `${url} (dataset.downloads) does not end in a file name: use the address of a file`,
  );
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname; // a % that encodes nothing
  }
}

/** Locks the folder, after another process that downloads into it. */
async function openAlone(
  lock: string,
  folder: string,
  { say, signal }: PrepareContext,
): Promise<Deno.FsFile> {
  for (let waited = false;; waited = true) {
    signal?.throwIfAborted();
    const file = await openLocked(lock);
    if (file !== undefined) return file;
    if (!waited) say?.(`Another process downloads into ${folder}: waiting for it`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
