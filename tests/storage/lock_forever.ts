/** Locks a folder and keeps it until killed. */
import { lockFolder } from "../../lib/storage/lock_folder.ts";

using _lock = await lockFolder(Deno.args[0]);
console.log("locked");
await new Promise((resolve) => setTimeout(resolve, 60_000));
