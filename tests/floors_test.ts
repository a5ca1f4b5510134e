import { assertEquals } from "./assert.ts";
import {
  circles,
  type Fault,
  importsUpward,
  moduleState,
  notForBrowsers,
  runFilesSpelled,
} from "./floors.ts";
import { granted } from "./permissions.ts";
import { type SourceFile, sourceFiles } from "./source_files.ts";

const ignore = !granted("read");

function holds(name: string, rule: (files: SourceFile[]) => Fault[], ...folders: string[]) {
  Deno.test({
    name,
    ignore,
    fn: async () => {
      const faults = rule(await sourceFiles(...folders));
      assertEquals(faults.map(({ key, message }) => `${message} [${key}]`), []);
    },
  });
}

holds(
  "a room imports only rooms on lower floors",
  importsUpward,
  ...["lib", "app", "tasks", "bench", "notebooks"],
);
holds("no files import each other in a circle", circles, "lib", "app", "tasks", "bench");
holds(
  "only lib/run spells the names of a run's files",
  runFilesSpelled,
  ...["lib", "app", "tasks", "bench", "notebooks"],
);
holds("what a browser loads has no Deno, no node:, no native package", notForBrowsers, "lib");

holds("no module but the engine keeps anything while it runs", moduleState, "lib", "app", "tasks");

const keys = (faults: Fault[]) => faults.map(({ key }) => key);

Deno.test("importsUpward() finds imports of rooms above or beside, types and import() too", () => {
  const faults = importsUpward([
    { file: "lib/text/a.ts", text: 'import { x } from "../random/mod.ts";\n' },
    { file: "lib/text/b.ts", text: 'import type { X } from "../models/mod.ts";\n' },
    { file: "lib/nn/c.ts", text: 'export {\n  x,\n  y,\n} from "../metrics/mod.ts";\n' },
    { file: "lib/nn/d.ts", text: 'const x = await import("../stages/mod.ts");\n' },
    { file: "lib/nn/e.ts", text: '/**\n * import { x } from "../stages/mod.ts";\n */\n' },
    { file: "lib/nn/f.ts", text: 'import { x } from "./inner/mod.ts";\n' },
    { file: "lib/cellar/g.ts", text: "" },
  ]);
  assertEquals(keys(faults), ["text → models", "nn → metrics", "nn → stages", "cellar"]);
});

Deno.test("circles() finds each circle of files once, types too", () => {
  const file = (name: string, ...imports: string[]) => ({
    file: `lib/${name}.ts`,
    text: imports.map((to) => `import type { X } from "${to}";\n`).join(""),
  });
  const faults = circles([
    file("nn/a", "./b.ts", "zod"),
    file("nn/b", "./c.ts", "./d.ts"),
    file("nn/c", "./a.ts"),
    file("nn/d", "../text/e.ts"),
    file("text/e", "./f.ts"),
    file("text/f", "../random/g.ts"),
    file("random/g", "../text/e.ts"),
  ]);
  assertEquals(faults.map(({ key, message }) => [key, message.split(": ")[1]]), [
    ["random, text", "lib/random/g.ts, lib/text/e.ts, lib/text/f.ts"],
    ["nn", "lib/nn/a.ts, lib/nn/b.ts, lib/nn/c.ts"],
  ]);
});

Deno.test("runFilesSpelled() finds names in paths, not in comments, sentences or lib/run", () => {
  const faults = runFilesSpelled([
    { file: "lib/run/run.ts", text: 'join(folder, "training.json")' },
    { file: "lib/stages/a.ts", text: 'join(run, "training.json")' },
    { file: "tasks/b.ts", text: "`${run}/history.jsonl`" },
    { file: "bench/c.ts", text: '"checkpoints/latest"' },
    { file: "notebooks/d.ipynb", text: 'open("data/runs/x/trained_on.txt")' },
    { file: "lib/text/e.ts", text: '// "tokenizer.json"\n/* "evaluations" */' },
    { file: "lib/text/f.ts", text: '"writes no last.safetensors"; "my_training.json"' },
    { file: "lib/keras/g.ts", text: 'zip.get("config.json")' },
  ]);
  assertEquals(keys(faults), ["stages", "tasks", "bench", "notebooks"]);
});

Deno.test("notForBrowsers() finds node:, native packages and Deno behind an entry", () => {
  const faults = notForBrowsers([
    { file: "lib/nn/mod.ts", text: 'import "./a.ts";\nimport type { B } from "./b.ts";\n' },
    { file: "lib/nn/a.ts", text: 'import { join } from "node:path";\nawait import("./c.ts");\n' },
    { file: "lib/nn/b.ts", text: 'import "sharp";\n' },
    { file: "lib/nn/c.ts", text: 'export { x } from "h5wasm/node";\n// Deno.cwd()\nDeno.cwd();\n' },
  ], ["lib/nn/mod.ts", "lib/nn/gone.ts"]);
  assertEquals(keys(faults), ["lib/nn/gone.ts", "lib/nn/a.ts", "lib/nn/c.ts", "lib/nn/c.ts"]);
});

Deno.test("moduleState() finds variables, and maps, sets, arrays and objects to be filled", () => {
  const faults = moduleState([
    { file: "lib/text/a.ts", text: "let a: string | undefined;\nexport let b = 0;\n" },
    { file: "lib/text/b.ts", text: "const c = new Map<string, number>();\nconst d = new Set();\n" },
    { file: "lib/text/c.ts", text: "const e: number[] = [];\nconst f: Record<string, 1> = {};\n" },
    { file: "lib/text/d.ts", text: "const g = new WeakMap();\nconst h = new PixelBudget(5);\n" },
    { file: "lib/text/e.ts", text: 'const i: ReadonlyMap<string, 1> = new Map([["a", 1]]);\n' },
    {
      file: "lib/text/f.ts",
      text: "const j = new RegExp(`a`);\nconst k = new Intl.Segmenter();\n",
    },
    { file: "lib/text/g.ts", text: "function l() {\n  let m = 0;\n  const n = new Map();\n}\n" },
    { file: "lib/text/h.ts", text: "/*\nlet o = 1;\n*/\nconst p = [1, 2];\n// let q\n" },
    { file: "lib/engine/i.ts", text: "let started: Promise<void> | undefined;\n" },
  ]);
  assertEquals(keys(faults), ["a", "b", "c", "d", "e", "f", "g", "h"]);
});
