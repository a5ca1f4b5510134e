import { join } from "node:path";
import { findCommand } from "../../lib/notebook/check/jupyter.ts";
import { runNotebook } from "../../lib/notebook/mod.ts";
import { type Notebook, readNotebook } from "../../lib/notebook/check/notebook_file.ts";
import { lossCurves } from "../../lib/plots/mod.ts";
import { readHistory } from "../../lib/training/mod.ts";
import { tidyData } from "../../lib/stages/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { notebookNames } from "./notebook_names.ts";
import { tinyConfig } from "./tiny_config.ts";
import { trainTask } from "./train_task.ts";

const root = new URL("../../", import.meta.url).pathname;
const allowed = granted("read", "write", "run", "env", "sys", "ffi", "net");
const jupyter = allowed ? await findCommand("jupyter-nbconvert") : undefined;
// In CI a missing Jupyter is a failure.
const ignore = !allowed || (jupyter === undefined && Deno.env.get("CI") !== "true");

async function filesIn(folder: string, under = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, under))) {
    const path = under === "" ? name : `${under}/${name}`;
    found.push(...isDirectory ? await filesIn(folder, path) : [path]);
  }
  return found.sort();
}

/** What must be equal in a file: its bytes, or its text without measured times. */
async function withoutTimes(folder: string, path: string): Promise<string | Uint8Array> {
  const bytes = await Deno.readFile(join(folder, path));
  if (!/\.jsonl?$/.test(path)) return bytes;
  const text = new TextDecoder().decode(bytes);
  const timed = /"(seconds|wordsPerSecond|captionsPerSecond)": ?[\d.e+-]+/g;
  // Records hold digests of files with times in them, and their own.
  const digests =
    /"(sha256|history|history\.jsonl|training\.json|[\w-]+-test\.json)": "[0-9a-f]{64}"/g;
  return text.replace(timed, '"$1"').replace(digests, '"$1"');
}

type PlotlyFigure = { data: { name?: string; x: unknown[]; y: number[] }[] };

/** The figures that a notebook shows at its end. */
function figuresOf({ cells }: Notebook): PlotlyFigure[] {
  return cells.flatMap(({ outputs = [] }) => outputs).flatMap(({ data }) =>
    data?.["application/vnd.plotly.v1+json"] as PlotlyFigure ?? []
  );
}

Deno.test({
  name:
    "notebooks 01 to 06 write the same bytes as `deno task train`; their figures are the files'; 07 " +
    "trains a run beside it and changes none of its files",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const config = `${folder}/tiny.json`;
      await Deno.writeTextFile(config, JSON.stringify(tinyConfig));
      for (const name of ["task", "notebooks"]) await Deno.mkdir(`${folder}/${name}`);
      const [a, b] = [`${folder}/task/data`, `${folder}/notebooks/data`];
      await trainTask(`${folder}/task`, config);
      const env = { SHOWTELL_CONFIG: config, SHOWTELL_DATA: b };
      const outputFolder = `${folder}/out`;
      const runAll = async (names: readonly string[]) => {
        for (const name of names) {
          await runNotebook(`${root}notebooks/${name}.ipynb`, { outputFolder, env });
        }
      };
      const [comparing] = notebookNames.slice(-1);
      assertEquals(comparing, "07_compare");
      await runAll(notebookNames.slice(0, -1));

      await tidyData(b); // the last kernel was killed, and its locks with it
      const files = await filesIn(a);
      assertEquals(await filesIn(b), files);
      for (
        const what of [
          /\/captions\.parquet$/,
          /\/shard-00002\.safetensors$/,
          /\/tokenizer\.json$/,
          /\/checkpoints\/best\.safetensors$/,
          /\/history\.jsonl$/,
          /\/evaluations\/shapes-test\.json$/,
        ]
      ) assert(files.some((file) => what.test(file)), `${what} is not among ${files}`);
      for (const file of files) {
        assertEquals(await withoutTimes(b, file), await withoutTimes(a, file), file);
      }

      const run = `${b}/runs/tiny`;
      const history = await readHistory(`${run}/history.jsonl`);
      assertEquals(history.length, 3);
      const [loss] = figuresOf(await readNotebook(`${outputFolder}/04_train.ipynb`));
      const expected = lossCurves(history, { epochs: 3 });
      assertEquals(loss.data, JSON.parse(JSON.stringify(expected.data)));
      assertEquals(loss.data[0].y, history.map(({ loss }) => loss));

      const file = await Deno.readTextFile(`${run}/evaluations/shapes-test.json`);
      const { scores } = JSON.parse(file);
      const [bars] = figuresOf(await readNotebook(`${outputFolder}/05_evaluate.ipynb`));
      const bleu = [1, 2, 3, 4].map((n) => `bleu-${n}`);
      assertEquals(bars.data[0].x, bleu.map((name) => name.toUpperCase()));
      assertEquals(bars.data[0].y, bleu.map((name) => scores[name]));

      const before = await Promise.all(files.map((file) => Deno.readFile(join(b, file))));
      await runAll([comparing]);
      for (const [i, file] of files.entries()) {
        assertEquals(await Deno.readFile(join(b, file)), before[i], file);
      }
      const other = JSON.parse(
        await Deno.readTextFile(`${b}/runs/tiny-attention/evaluations/shapes-test.json`),
      );
      const shown = figuresOf(await readNotebook(`${outputFolder}/${comparing}.ipynb`));
      assertEquals(
        shown[0].data.map(({ name, y }) => [name, y.slice(0, 4)]),
        [["tiny", scores], ["tiny-attention", other.scores]].map(([name, scores]) => [
          name,
          bleu.map((each) => scores[each]),
        ]),
      );

      // What the notebooks did counts as done.
      const said = await trainTask(`${folder}/notebooks`, config);
      for (
        const done of [
          "The data set is prepared",
          "Features of all 80 photos are in",
          "The tokenizer is built",
          "Training is done",
          "The evaluation is done",
        ]
      ) assert(said.includes(done), said);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
