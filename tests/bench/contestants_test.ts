import { join } from "node:path";
import { fillCommand, isOurs, oursBeside, readContestants } from "../../bench/all/contestants.ts";
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

Deno.test("oursBeside() finds ours of the same arithmetic, otherwise the first", () => {
  const contestants = ["ours float32", "ours bfloat16", "Keras bfloat16", "as published"];
  assertEquals(contestants.slice(2).map((peer) => oursBeside(peer, contestants)), [
    "ours bfloat16",
    "ours float32",
  ]);
  assertEquals(oursBeside("Keras bfloat16", ["ours", "Keras bfloat16"]), "ours");
  assertEquals(["ours", "ours x", "oursX", "Keras"].map(isOurs), [true, true, false, false]);
});

Deno.test({
  name: "bench/contestants.json: ours does all rows; every command's program is there",
  ignore,
  async fn() {
    const contestants = await readContestants(`${root}bench/contestants.json`);
    const known = ["deno", "python", "transformers", "images", "captions", "steps", "photos"];
    const [ours] = Object.values(contestants);
    for (const row of rows) {
      assert(row.work in ours, row.name);
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
        ["{}", "the first contestant must be ours"],
        ['{"Keras": {"training": "x"}}', "the first contestant must be ours"],
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
