import type { Listener } from "../progress/mod.ts";
import { folderSize } from "../storage/mod.ts";

/** Reports now and then how much has arrived in a folder, until it is disposed of. */
export function watchSize(
  folder: string,
  megabytes: number,
  say: Required<Listener>["say"],
): Disposable {
  const watch = setInterval(async () => {
    const arrived = Math.round(await folderSize(folder) / 1e6);
    if (arrived > 0 && arrived < megabytes) say(`… ${arrived} of ${megabytes} MB`);
  }, 5000);
  return { [Symbol.dispose]: () => clearInterval(watch) };
}
