/** Writes 4 MiB of one byte to a file again and again, until it is killed. */
import { writeFileWhole } from "../../lib/storage/write_file_whole.ts";

for (let version = 0;; version++) {
  await writeFileWhole(Deno.args[0], new Uint8Array(1 << 22).fill(version));
  if (version === 0) console.log("begun");
}
