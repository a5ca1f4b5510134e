import { assertEquals } from "./assert.ts";
import { granted } from "./permissions.ts";
import { sourceFiles } from "./source_files.ts";
import { unusedExports } from "./unused_exports.ts";

/** Rooms made to be used from outside, with what they export for that. */
const PUBLISHED: Record<string, string[]> = {
  captioner: ["ExportedCaptioner"], // for pages, as captioner.js of an export
  config: ["configSchema"], // what `Config` is inferred from
  notebook: ["showMarkdown"], // for cells that users write
  metrics: ["cocoSentenceBleu", "nltkCorpusBleu", "pennTreebankWords"],
};

/** Rooms that are being rebuilt: their names are looked at when they are done. */
const IN_FLUX: string[] = [];

Deno.test({
  name: "a room exports only what another room, a task, a notebook or their tests use",
  ignore: !granted("read"),
  fn: async () => {
    const unused = unusedExports(
      await sourceFiles("lib", "app", "tasks", "bench", "notebooks", "tests"),
    );
    const published = Object.entries(PUBLISHED).flatMap(([room, names]) =>
      names.map((name) => `${room}: ${name}`)
    );
    const inFlux = (name: string) => IN_FLUX.includes(name.split(":")[0]);
    assertEquals(unused.filter((name) => !published.includes(name) && !inFlux(name)), []);
    const needless = published.filter((name) => !unused.includes(name));
    assertEquals(needless, [], "used elsewhere or gone: delete from PUBLISHED");
    const done = IN_FLUX.filter((room) => !unused.some((name) => name.startsWith(`${room}:`)));
    assertEquals(done, [], "exports nothing unused any more: delete from IN_FLUX");
  },
});

Deno.test("unusedExports() finds values nobody imports, and types nobody mentions", () => {
  const unused = unusedExports([
    {
      file: "lib/text/mod.ts",
      text: 'export { used, unused, whole, tested, type Needed, type Lonely } from "./a.ts";\n' +
        'export * from "./b.ts";\n',
    },
    {
      file: "lib/text/a.ts",
      text: "export function used(x: Needed) {}\nexport interface Needed {}\n" +
        "export type Lonely = 1;\nunused(); // Lonely\n",
    },
    { file: "lib/text/b.ts", text: "export const hidden = 1;\nexport class Shown {}\n" },
    { file: "lib/nn/c.ts", text: 'import { Shown as S, used } from "../text/mod.ts";\nunused;\n' },
    { file: "notebooks/d.ipynb", text: 'import * as t from "../lib/text/mod.ts";\nt.whole();\n' },
    { file: "tests/text/e_test.ts", text: 'import { unused } from "../../lib/text/mod.ts";\n' },
    { file: "tests/nn/f_test.ts", text: 'import { tested } from "../../lib/text/mod.ts";\n' },
  ]);
  assertEquals(unused, ["text: Lonely", "text: hidden", "text: unused"]);
});
