/**
 * The five published systems from end to end on made data: each config through the first six notebooks,
 * then through `deno task train`, which finds everything done. One system, chosen by a seed, unless
 * the command line names others, or `all`: `deno task five-systems`.
 */
import { findCommand } from "../../lib/notebook/check/jupyter.ts";
import { type Notebook, readNotebook } from "../../lib/notebook/check/notebook_file.ts";
import { runNotebook } from "../../lib/notebook/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { inTempFolder } from "../datasets/temp_folder.ts";
import { notebookNames } from "../notebooks/notebook_names.ts";
import { isWhole, sampleOne } from "../sample.ts";
import { startServer } from "../tasks/start_server.ts";
import { ignore as noTasks, run } from "../tasks/task.ts";
import { drawnJpegs } from "./made_data.ts";
import { makeSystem, systems } from "./systems.ts";

const jupyter = noTasks ? undefined : await findCommand("jupyter-nbconvert");
// In CI a missing Jupyter is a failure.
const ignore = noTasks || (jupyter === undefined && Deno.env.get("CI") !== "true");

const root = new URL("../../", import.meta.url).pathname;
const named = Deno.args.filter((each) => !each.startsWith("-"));
const unknown = named.filter((each) => each !== "all" && !systems.includes(each));
if (unknown.length > 0) {
  throw new Error(`There is no system ${unknown.join(", ")}: name ${systems.join(", ")}, or all`);
}
const chosen = named.length > 0 && !isWhole ? named : sampleOne(systems, "five systems");

/** Titles of the figures that a notebook shows. */
function figureTitles({ cells }: Notebook): string[] {
  return cells.flatMap(({ outputs = [] }) => outputs).flatMap(({ data }) => {
    const figure = data?.["application/vnd.plotly.v1+json"] as
      | { layout: { title: { text: string } } }
      | undefined;
    return figure === undefined ? [] : [figure.layout.title.text];
  });
}

for (const name of chosen) {
  Deno.test({
    name: `${name}: the first six notebooks and the train task on made data`,
    ignore,
    sanitizeOps: false, // connections of the photo server
    sanitizeResources: false,
    fn: () =>
      inTempFolder(async (folder) => {
        await using made = await makeSystem(name, folder);
        const env = { SHOWTELL_CONFIG: made.config, SHOWTELL_DATA: `${folder}/data` };
        const titles: string[] = [];
        for (const notebook of notebookNames.slice(0, 6)) { // the seventh trains a second run
          const { output } = await runNotebook(`${root}notebooks/${notebook}.ipynb`, {
            outputFolder: `${folder}/outputs`,
            env,
          });
          titles.push(...figureTitles(await readNotebook(output)));
        }
        for (const title of ["Loss", "BLEU"]) {
          assert(titles.some((each) => each.includes(title)), `no "${title}" in ${titles}`);
        }

        const runFolder = `${folder}/data/runs/${name}`;
        const evaluations = [...Deno.readDirSync(`${runFolder}/evaluations`)]
          .map((each) => each.name).filter((each) => each.endsWith("-test.json"));
        assertEquals(evaluations.length, 1, evaluations.join());
        const { scores } = JSON.parse(
          await Deno.readTextFile(`${runFolder}/evaluations/${evaluations[0]}`),
        );
        for (const n of [1, 2, 3, 4]) {
          const score = scores[`bleu-${n}`];
          assert(score >= 0 && score <= 1, `bleu-${n} is ${score}`);
        }
        const history = (await Deno.readTextFile(`${runFolder}/history.jsonl`)).trim().split("\n")
          .map((line) => JSON.parse(line));
        assertEquals(history.length, 3);
        assert(history[2].loss < history[0].loss, `${history.map(({ loss }) => loss)}`);

        const again = await run(folder, "train", "--config", made.config, "--json");
        assertEquals(again.code, 0, again.err);
        assert(again.err.includes("Training is done"), again.err);
        assertEquals(JSON.parse(again.out).evaluation.scores, scores);
        await checkServed(folder, name);
      }),
  });
}

/** The run opens in the page: a caption, what is known beside it, and where the model looked. */
async function checkServed(folder: string, name: string): Promise<void> {
  const { child, url, models, err, reader } = await startServer(folder, `--run=${name}`);
  assertEquals(models, [name]);
  const ask = async (path: string, body: unknown) => {
    const answer = await fetch(`${url}api/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    assertEquals(answer.status, 200, text);
    return JSON.parse(text);
  };
  const [{ photo: bytes }] = await drawnJpegs(1);
  const photo = { base64: bytes.toBase64() };
  const { captions: [{ words, details }] } = await ask("captions", {
    photos: [photo],
    details: true,
  });
  assert(details.nearest.length > 0, "no training photos");
  if (words.length > 0) {
    const said = words.map(({ word }: { word: string }) => word);
    const regions = await ask("regions", { photo, words: said });
    assertEquals(regions.words.map(({ word }: { word: string }) => word), said);
  }
  child.kill("SIGTERM");
  await reader.cancel();
  assertEquals((await child.status).code, 143, await err);
}
