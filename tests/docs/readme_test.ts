/**
 * The commands of the README, in its order, in one folder. A command that downloads what tests do
 * not (weights, photos) is run on made data with the options added here; one that is not run names
 * the reason. The default run's scores are those that the README prints.
 */
import { assert, assertEquals } from "../assert.ts";
import { drawnJpegs, writeFlickr8k } from "../five_systems/made_data.ts";
import { startServer } from "../tasks/start_server.ts";
import { ignore, inFolder, json, run } from "../tasks/task.ts";
import { commandsIn } from "./commands.ts";

const root = new URL("../../", import.meta.url).pathname;
const readme = ignore ? "" : await Deno.readTextFile(`${root}README.md`);

/** Instead of an encoder's published weights, and of an evening's training. */
const short = ["--encoder.weights=random", "--training.epochs=1"];

const notRun: Record<string, string> = {
  "npx --yes deno@2.9.6": "a name for Deno, without a task",
  "npx --yes deno@2.9.6 task test": "it runs this test",
  "pip install jupyterlab": ".ci/run does",
  "deno jupyter --install": "it writes into the user's own Jupyter; tests give it the same kernel",
  "jupyter lab notebooks": "tests/notebooks/jupyterlab_test.ts does",
  ...Object.fromEntries(
    commandsIn(readme).filter((command) => command.startsWith("deno task results "))
      .map((
        command,
      ) => [command, "hours of training; tests/tasks/results_test.ts runs a small one"]),
  ),
};

/** BLEU-1 to 4 of the README's row of a command. */
function printedScores(command: string): number[] {
  const row = readme.split("\n").find((line) => line.startsWith(`| \`${command}\` `));
  const found = row?.match(/(\.\d+) \/ (\.\d+) \/ (\.\d+) \/ (\.\d+)/);
  assert(found, `README has no scores of ${command}`);
  return found.slice(1).map(Number);
}

/** Photos and `captions.csv` with the columns `file,caption`, as the README asks for. */
async function writeOwnPhotos(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  const rows = ["file,caption"];
  for (const [i, { photo, captions }] of (await drawnJpegs(40)).entries()) {
    await Deno.writeFile(`${folder}/${i}.jpg`, photo);
    rows.push(...captions.map((caption) => `${i}.jpg,${caption}`));
  }
  await Deno.writeTextFile(`${folder}/captions.csv`, rows.join("\n") + "\n");
}

/** Runs a task of the README with its arguments. */
type Run = (folder: string, name: string, args: string[]) => Promise<void>;

const succeeds = (...more: string[]): Run => async (folder, name, args) => {
  const { code, err } = await run(folder, name, ...args, ...more);
  assertEquals(code, 0, err);
};

const runs: Record<string, Run> = {
  "npx --yes deno@2.9.6 task train": async (folder) => {
    const { evaluation } = await json(folder, "train");
    // Another processor rounds otherwise, and training carries it on.
    for (const [i, printed] of printedScores("deno task train").entries()) {
      const score = evaluation.scores[`bleu-${i + 1}`];
      assert(Math.abs(score - printed) < 0.03, `BLEU-${i + 1} ${score}, README has ${printed}`);
    }
  },
  "deno task train": async (folder, name, args) => {
    const { code, err } = await run(folder, name, ...args);
    assertEquals(code, 0, err);
    assert(err.includes("Training is done"), err);
  },
  "deno task caption --run shapes PHOTO.jpg": succeeds(),
  "deno task serve": async (folder, _, args) => {
    const { child, url, models, err } = await startServer(folder, ...args);
    assertEquals(models, ["shapes"]);
    const page = await (await fetch(url)).text();
    assert(page.includes("Showtell"), page);
    child.kill("SIGTERM");
    assertEquals((await child.status).code, 143, await err);
  },
  "deno task runs show shapes": succeeds(),
  "deno task train --config my_photos --dataset.source=FOLDER": async (folder, name, args) => {
    const { code, err } = await run(
      folder,
      name,
      ...args.map((each) => each.replace("FOLDER", "OWN_PHOTOS")),
      ...short,
    );
    assertEquals(code, 0, err);
  },
  "deno task caption --run my_photos OTHER_FOLDER --out captions.csv": async (
    folder,
    name,
    args,
  ) => {
    await succeeds()(folder, name, args);
    const [head, ...rows] = (await Deno.readTextFile(`${folder}/captions.csv`)).trim().split("\n");
    assert(/^file,caption/.test(head), head);
    assertEquals(rows.length, 40);
  },
  "deno task train --config flickr8k_mobilenet_v2 --dataset.source=FOLDER": succeeds(...short),
  "deno task train --name=shapes_shuffled --dataset.shufflePhotos=true": succeeds(
    "--dataset.train=60",
    "--dataset.dev=10",
    "--dataset.test=10",
    "--training.epochs=1",
  ),
};

Deno.test("README: every command is run, or the reason why not is named", () => {
  assertEquals(
    commandsIn(readme).filter((command) => !(command in runs) && !(command in notRun)),
    [],
  );
});

Deno.test({
  name: "README: its commands, in its order, do what it says",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      await writeFlickr8k(`${folder}/FOLDER`, 40);
      await Deno.copyFile(`${folder}/FOLDER/Images/1000_made.jpg`, `${folder}/PHOTO.jpg`);
      await Deno.symlink(`${folder}/FOLDER/Images`, `${folder}/OTHER_FOLDER`);
      await writeOwnPhotos(`${folder}/OWN_PHOTOS`);
      for (const command of commandsIn(readme).filter((command) => command in runs)) {
        const [name, ...args] = command.slice(command.indexOf(" task ") + 6).split(" ");
        await runs[command](folder, name, args);
      }
    }),
});
