import { digestFile } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { filesUnder, ignore, inFolder, json, run, start } from "./task.ts";

/** SHA-256 of all files but those of locks. */
async function digests(folder: string): Promise<Record<string, string>> {
  const files = (await filesUnder(folder)).filter((file) => !/\.(lock|use)$/.test(file));
  const found = files.map(async (file) => [file, await digestFile(`${folder}/${file}`)]);
  return Object.fromEntries(await Promise.all(found));
}

Deno.test({
  name:
    "while a first train caches features, runs clean and another train are refused and write nothing",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const args = ["--config", "tiny.json", "--encoder.batchSize=1"];
      const first = await start(folder, "train", ...args);
      const isEncoding = async () =>
        (await filesUnder(`${folder}/data/features`).catch(() => []))
          .some((file) => /shard-\d+\.lock$/.test(file));
      while (!await isEncoding()) await new Promise((resolve) => setTimeout(resolve, 2));
      first.kill("SIGSTOP");
      try {
        const before = await digests(`${folder}/data`);
        for (
          const [task, ...options] of [
            ["train", ...args, "--training.epochs=9"],
            ["runs", "clean"],
          ]
        ) {
          const { code, err } = await run(folder, task, ...options);
          assertEquals(code, 1, err);
          const error = err.split("\n").filter((line) => line.startsWith("Error: "));
          assert(error.length === 1 && error[0].includes(" is in use by "), err);
          assertEquals(await digests(`${folder}/data`), before);
        }
      } finally {
        first.kill("SIGCONT");
      }
      const { code, stderr } = await first.output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      assertEquals((await json(folder, "runs", "show", "tiny")).epochs, 2);
      const hidden = (await filesUnder(`${folder}/data`)).filter((file) => /(^|\/)\./.test(file));
      assertEquals(hidden, []);
    }),
});
