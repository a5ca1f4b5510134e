import { relative, sep as SEPARATOR } from "node:path";

/** How often each file under a folder is opened while something runs, by its path from there. */
export async function countReads(
  folder: string,
  fn: () => Promise<void>,
): Promise<Record<string, number>> {
  const counts = new Map<string, number>();
  const { open, openSync, readFile, readTextFile } = Deno;
  const counting =
    <A extends unknown[], R>(read: (path: string | URL, ...rest: A) => R) =>
    (path: string | URL, ...rest: A): R => {
      const name = relative(folder, String(path)).replaceAll(SEPARATOR, "/");
      const result = read(path, ...rest);
      if (!name.startsWith("..")) {
        Promise.resolve(result).then(
          () => counts.set(name, (counts.get(name) ?? 0) + 1),
          () => {}, // looking for a file that is not there reads nothing
        );
      }
      return result;
    };
  Deno.open = counting(open);
  Deno.openSync = counting(openSync);
  Deno.readFile = counting(readFile);
  Deno.readTextFile = counting(readTextFile);
  try {
    await fn();
  } finally {
    Object.assign(Deno, { open, openSync, readFile, readTextFile });
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => a < b ? -1 : 1));
}
