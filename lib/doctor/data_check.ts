import { join } from "node:path";
import { exists, writeFileWhole } from "../storage/mod.ts";
import type { Check } from "./check.ts";

/** Checks that the data folder can be written. */
export async function dataCheck(data: string): Promise<Check> {
  const check = { what: "data folder", needed: true };
  if (!await exists(data)) {
    return {
      ...check,
      state: "found",
      detail: `${data} does not exist yet; the first task creates it`,
    };
  }
  const path = join(data, ".doctor");
  try {
    await writeFileWhole(path, "");
    await Deno.remove(path);
    return { ...check, state: "found", detail: `${data} is writable` };
  } catch (error) {
    return {
      ...check,
      state: "missing",
      detail: (error as Error).message,
      fix: `chmod -R u+w ${data}`,
    };
  }
}
