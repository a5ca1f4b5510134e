/** Who holds a folder's lock, as its file says. */
export interface Owner {
  /** The process. */
  pid: number;
  /** Since when. */
  started: string;
}

/** More than any lock file holds. */
const LONGEST = 200;

/** The line of a lock file. */
export function ownerLine({ pid, started }: Owner): string {
  return JSON.stringify({ pid, started }) + "\n";
}

/** Who a lock file names; undefined if it is not one, or is being written at this moment. */
export function parseOwner(line: string): Owner | undefined {
  try {
    const owner = JSON.parse(line);
    return ownerLine(owner) === line && Number.isInteger(owner.pid) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** An owner's line, with one zero for each number. */
const PATTERN = ownerLine({ pid: 0, started: "0-0-0T0:0:0.0Z" });

/**
 * Whether an open file has what is written into a lock: its owner, or the beginning of that where its
 * process was killed. A user's file may have the same name.
 */
export async function isLockContent(file: Deno.FsFile): Promise<boolean> {
  const { isFile, size } = await file.stat();
  if (!isFile || size > LONGEST) return false;
  const bytes = new Uint8Array(LONGEST);
  await file.seek(0, Deno.SeekMode.Start);
  const length = await file.read(bytes);
  await file.seek(0, Deno.SeekMode.Start);
  const text = new TextDecoder().decode(bytes.subarray(0, length ?? 0));
  return PATTERN.startsWith(text.replace(/\d+/g, "0"));
}

/** Refuses a file that has a lock's name and is the user's. */
export async function checkLockContent(path: string, file: Deno.FsFile): Promise<void> {
  if (await isLockContent(file)) return;
  throw new Error(
    `${path} has the name of a lock, but was not made here: move it away, or choose another folder`,
  );
}
