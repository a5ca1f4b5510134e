import { relative, sep } from "node:path";
import { DamagedFileError } from "../storage/mod.ts";
import type { EngineListener } from "./engine.ts";
import { AlteredLibraryError, checkLibrary, setupCommand } from "./library_record.ts";
import type { Candidate } from "./locate.ts";
import { setupFolder } from "./installed_library.ts";
import { downloadLibrary } from "./download_library.ts";

/**
 * Checks a library before it is loaded, if `setup` downloaded it; what an earlier version downloaded
 * is recorded first.
 *
 * @throws {AlteredLibraryError} if it is another now, or nothing tells that it is not
 */
export async function checkInstalled(
  { path, framework, setupFolder: folder }: Candidate,
  listener: EngineListener,
): Promise<void> {
  if (folder === undefined) return;
  const names = [path, ...framework === undefined ? [] : [framework]]
    .map((name) => relative(folder, name).replaceAll(sep, "/"));
  const check = async () => {
    try {
      return await checkLibrary(folder, names);
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      throw new AlteredLibraryError(error.message, { cause: error });
    }
  };
  let state = await check();
  if (state === "unrecorded" && folder === setupFolder(false)) {
    await downloadLibrary(listener);
    state = await check();
  }
  if (state === "unrecorded") {
    throw new AlteredLibraryError(
      `${folder} has no record of its files, as an earlier version downloaded it: ` +
        `\`${setupCommand(folder)}\` downloads the library again`,
    );
  }
  if (state === "touched") {
    listener.say(
      `The files in ${folder} have other times than recorded, and the same content: ` +
        `\`${setupCommand(folder)}\` records them again, so that each start need not read them`,
    );
  }
}
