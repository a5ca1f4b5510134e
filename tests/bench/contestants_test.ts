import { join } from "node:path";
import { fillCommand, readContestants } from "../../bench/all/contestants.ts";
import { rows } from "../../bench/all/rows.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

const root = new URL("../../", import.meta.url).pathname;
const ignore = !granted("read", "write");

Deno.test("fillCommand() fills in words, those with spaces as one, and names what it lacks", () => {
  const values = { python: "my venv/python", batch: "64", captions: undefined };
  assertEquals(fillCommand("{python}  a.py --batch={batch}", values), {
    words: ["my venv/python", "a.py", "--batch=64"],
  });
  assertEquals(fillCommand("{python} {captions} {images} {images}", values), {
    missing: ["captions", "images"],
  });
});

Deno.test({
  name: "bench/contestants.json: ours does all rows; every command's program is there",
  ignore,
  async fn() {
    const contestants = await readContestants(`${root}bench/contestants.json`);
    const known = ["deno", "python", "transformers", "images", "captions", "steps", "photos"];
    assertEquals(Object.keys(contestants)[0], "ours");
    for (const row of rows) {
      assert(row.work in contestants.ours, row.name);
      for (const [name, works] of Object.entries(contestants)) {
        const values = Object.fromEntries(known.map((value) => [value, "x"]));
        const filled = fillCommand(works[row.work] ?? "bench/bench.ts", {
          ...values,
          ...row.values,
        });
        assert("words" in filled, `${name}, ${row.name}: ${JSON.stringify(filled)}`);
        const program = filled.words.find((word) => word.startsWith("bench/"));
        assert(program && await Deno.stat(root + program), `${name}, ${row.name}`);
      }
    }
  },
});

Deno.test({
  name: "readContestants() of a file that is none says what is wrong and how to write one",
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    const path = join(folder, "contestants.json");
    for (
      const [text, message] of [
        ['{"ours": ', "is not JSON"],
        ["{}", "no contestant is named"],
        ['{"ours": "command"}', "ours: "],
        ['{"ours": {"training": ""}}', "ours.training: "],
      ]
    ) {
      await Deno.writeTextFile(path, text);
      const error = await assertRejects(() => readContestants(path), Error, message);
      assert((error as Error).message.includes('write it like {"ours"'));
    }
    await Deno.remove(folder, { recursive: true });
  },
});
