import { checkSchema, problemText } from "../../../lib/notebook/mod.ts";
import { assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";

type Cell = Record<string, unknown>;
type Content = { cells: Cell[]; [key: string]: unknown };

/** A notebook with every key in the order in which Jupyter writes them. */
function notebook(): Content {
  return {
    cells: [
      { cell_type: "markdown", id: "words-1", metadata: {}, source: ["# Ünï\n", "text"] },
      {
        cell_type: "code",
        execution_count: null,
        id: "sum",
        metadata: {},
        outputs: [],
        source: ["1 + 1"],
      },
    ],
    metadata: {
      kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
      language_info: { name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** The problems of a notebook that was changed, or of a text. */
async function problems(change: (content: Content) => string | void) {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/a.ipynb`;
    const content = notebook();
    const text = change(content) ?? JSON.stringify(content, null, 1) + "\n";
    await Deno.writeTextFile(path, text);
    return (await checkSchema(path)).map(problemText).map((line) => line.replace(`${path}:`, ""));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ignore = !granted("read", "write");

Deno.test({
  name: "checkSchema() accepts what Jupyter writes, and names cell and key of what is not valid",
  ignore,
  fn: async () => {
    assertEquals(await problems(() => {}), []);
    const invalid: [(content: Content) => void, string][] = [
      [({ cells }) => delete cells[0].id, "cell 1: is not valid nbformat 4.5: id: "],
      [({ cells }) => cells[1].id = "a b", "cell 2: is not valid nbformat 4.5: id: "],
      [({ cells }) => cells[1].id = "a".repeat(65), "cell 2: is not valid nbformat 4.5: id: "],
      [({ cells }) => cells[0].outputs = [], "cell 1: is not valid nbformat 4.5: "],
      [({ cells }) => delete cells[1].outputs, "cell 2: is not valid nbformat 4.5: outputs: "],
      [({ cells }) => cells[1].cell_type = "text", "cell 2: is not valid nbformat 4.5: cell_type"],
      [(all) => all.nbformat_minor = 4, "is not valid nbformat 4.5: nbformat_minor: "],
      [(all) => all.worksheets = [], "is not valid nbformat 4.5: "],
    ];
    for (const [change, start] of invalid) {
      const found = await problems((content) => void change(content));
      assertEquals(found.map((line) => line.trimStart().slice(0, start.length)), [start]);
    }
  },
});

Deno.test({
  name: "checkSchema() finds two cells of one id, which JupyterLab would change on saving",
  ignore,
  fn: async () => {
    assertEquals(await problems(({ cells }) => void (cells[1].id = "words-1")), [
      'cell 2: has the id "words-1" of cell 1, so JupyterLab would give it another one',
    ]);
  },
});

Deno.test({
  name: "checkSchema() finds keys, indents and sources that JupyterLab would write otherwise",
  ignore,
  fn: async () => {
    const message = "is written otherwise than JupyterLab does: open it there and save it";
    const spaces = (indent: number) => JSON.stringify(notebook(), null, indent);
    assertEquals(await problems(() => spaces(1)), [` ${message}`]); // no last line break
    assertEquals(await problems(() => spaces(2) + "\n"), [`2: ${message}`]);
    assertEquals(await problems(({ cells }) => void (cells[1].source = "1 + 1")), [
      `18: ${message}`,
    ]);
    assertEquals(
      await problems(({ cells }) => void (cells[0] = { id: "words-1", ...cells[0], source: [] })),
      [`4: ${message}`],
    );
  },
});
