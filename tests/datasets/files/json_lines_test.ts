import { join } from "node:path";
import { type JsonLine, readJsonLines } from "../../../lib/datasets/files/json_lines.ts";
import { assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { inTempFolder, writeFiles } from "../temp_folder.ts";

const ignore = !granted("read", "write", "env");

Deno.test({
  name:
    "readJsonLines() rejects what is not a JSON object, and refuses a last line that is cut off",
  ignore,
  fn: () =>
    inTempFolder(async (folder) => {
      const read = async (text: string) => {
        await writeFiles(folder, { "a.jsonl": text });
        const found: JsonLine[] = [];
        for await (const lines of readJsonLines(join(folder, "a.jsonl"))) found.push(...lines);
        return found;
      };
      const rejected = { line: 1, reason: "malformed, not JSON" };
      assertEquals(await read('{"a"\n\n[1]\n{"a":1}\n'), [
        rejected,
        { line: 3, reason: "malformed, not a JSON object" },
        { line: 4, values: { a: 1 } },
      ]);
      assertEquals(await read("{a}"), [rejected]);
      await assertRejects(() => read('{"a":1}\n{"a":'), Error, "ends in the middle");
    }),
});
