import { checkCells, checkFormat, checkNotebook, problemText } from "../../../lib/notebook/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { notebookOf } from "./notebook_of.ts";

/** A folder `notebooks` of these notebooks, beside a `lib` and a deno.json, in a temporary folder. */
async function inFolder(
  notebooks: Record<string, unknown>,
  check: (paths: string[], root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  try {
    await Deno.mkdir(`${root}/notebooks`);
    await Deno.mkdir(`${root}/lib`);
    await Deno.writeTextFile(`${root}/deno.json`, '{ "imports": { "three": "./lib/three.ts" } }');
    await Deno.writeTextFile(`${root}/lib/three.ts`, "export const three: number = 3;\n");
    const paths = [];
    for (const [name, notebook] of Object.entries(notebooks)) {
      paths.push(`${root}/notebooks/${name}.ipynb`);
      await Deno.writeTextFile(paths.at(-1)!, JSON.stringify(notebook));
    }
    await check(paths, root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function withMarkdown(cells: string[]): Record<string, unknown> {
  const notebook = notebookOf(cells) as { cells: unknown[] };
  notebook.cells.unshift({ cell_type: "markdown", metadata: {}, source: "# Words\nnot code" });
  return notebook;
}

Deno.test({
  name: "checkCells() accepts imports as from the notebook's folder, the map, and await",
  ignore: !granted("read", "write", "run"),
  fn: () =>
    inFolder({
      good: withMarkdown([
        'import { three } from "../lib/three.ts";\nimport { three as drei } from "three";',
        "const waited = await Promise.resolve(three + drei);",
        "waited",
      ]),
    }, async (paths, root) => {
      assertEquals(await checkCells(paths), []);
      assertEquals([...Deno.readDirSync(root)].map(({ name }) => name).sort(), [
        "deno.json",
        "lib",
        "notebooks",
      ]);
    }),
});

Deno.test({
  name: "checkCells() maps what is wrong back to notebook, cell and line",
  ignore: !granted("read", "write", "run"),
  fn: () =>
    inFolder({
      a: withMarkdown([
        'import { three } from "../lib/three.ts";',
        "// a comment\nconst word: string = three;\nconsole.log(word);",
      ]),
      b: notebookOf(["const same = 1;", "const same = 2;", "let never = 1;\nconsole.log(never);"]),
    }, async (paths, root) => {
      const problems = await checkCells(paths);
      const lines = problems.map(problemText).map((line) => line.replace(`${root}/notebooks/`, ""));
      const has = (start: string) =>
        assert(lines.some((line) => line.startsWith(start)), `${start}\n${lines.join("\n")}`);
      has("a.ipynb:cell 3:2: TS2322: Type 'number' is not assignable to type 'string'");
      has("b.ipynb:cell 2:1: TS2451: Cannot redeclare");
      has("b.ipynb:cell 3:1: `never` is never reassigned");
    }),
});

Deno.test({
  name: "checkCells() names the cell of a syntax error and of a module that is not there",
  ignore: !granted("read", "write", "run"),
  fn: async () => {
    await inFolder({ a: notebookOf(["const one = 1;\none;", "const = 2;"]) }, async (paths) => {
      const problems = await checkCells(paths);
      assert(problems.some(({ cell, line }) => cell === 2 && line === 1), JSON.stringify(problems));
    });
    await inFolder({ a: notebookOf(["1;", 'import "../lib/no.ts";']) }, async (paths) => {
      const problems = await checkCells(paths);
      assert(
        problems.some(({ cell, message }) => cell === 2 && message.includes("no.ts")),
        JSON.stringify(problems),
      );
    });
  },
});

Deno.test({
  name: "checkNotebook() finds outputs, execution counts, missing metadata, no assertion",
  ignore: !granted("read", "write"),
  fn: () => {
    const notebook = notebookOf(["1 + 1", "2"]) as {
      cells: { outputs: unknown[]; execution_count: number | null }[];
      metadata: unknown;
    };
    notebook.cells[0].outputs.push({ output_type: "stream", name: "stdout", text: "x" });
    notebook.cells[1].execution_count = 7;
    notebook.metadata = {};
    return inFolder({ good: notebookOf(["assertEquals(1, 1);"]), bad: notebook }, async (paths) => {
      assertEquals(await checkNotebook(paths[0]), []);
      const problems = await checkNotebook(paths[1]);
      assertEquals(problems.map(({ cell }) => cell), [0, 0, 1, 2, 2]);
      await Deno.writeTextFile(paths[0], "{}");
      await assertRejects(() => checkNotebook(paths[0]), SyntaxError, "not a notebook");
    });
  },
});

Deno.test({
  name: "checkFormat() accepts what deno fmt writes and names a notebook that it would change",
  ignore: !granted("read", "write", "run"),
  fn: () =>
    inFolder({ one: notebookOf(["const a  =  1;"]) }, async ([path]) => {
      const [problem, ...others] = await checkFormat(path);
      assertEquals([problem.notebook, others], [path, []]);
      assert(problem.message.startsWith("is not formatted; run deno fmt "), problem.message);
      await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", path] }).output();
      assert((await Deno.readTextFile(path)).includes("const a = 1;"));
      assertEquals(await checkFormat(path), []);
    }),
});
