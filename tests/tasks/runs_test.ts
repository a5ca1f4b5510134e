import { exists, lockFolder } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { ignore, inFolder, json, run } from "./task.ts";

const CONFIG = ["--config", "tiny.json"];

const test = (name: string, fn: (folder: string) => Promise<void>) =>
  Deno.test({ name, ignore, fn: () => inFolder(fn) });

test("runs lists, compares, cleans and deletes what train made", async (folder) => {
  assertEquals(await json(folder, "runs"), []);
  await json(folder, "train", ...CONFIG);
  await json(folder, "train", ...CONFIG, "--name=b", "--dataset.seed=2", "--training.epochs=1");
  await json(folder, "prepare", ...CONFIG, "--dataset.seed=3");
  const list = await json(folder, "runs", "list");
  assertEquals(list.map(({ name }: { name: string }) => name), ["b", "tiny"]);
  const [b] = list;
  assertEquals([b.dataset, b.encoder, b.model, b.epochs], ["shapes", "shapes_cnn", "merge", 1]);
  assertEquals(Object.keys(b.evaluations), ["shapes-test"]);
  assert(b.bytes > 10_000 && Date.parse(b.date) > Date.now() - 3600e3);

  const { layers, parameters } = await json(folder, "runs", "show", "b");
  assertEquals(
    layers.reduce((sum: number, layer: { parameters: number }) => sum + layer.parameters, 0),
    parameters,
  );
  const shown = await run(folder, "runs", "show", "b", "--svg=data/b.svg");
  assert(/^lstm +LSTM, tanh +16 +[\d,]+ +word_dropout$/m.test(shown.out), shown.out);
  assert(shown.out.includes(`merge: ${parameters.toLocaleString("en")} parameters`), shown.out);
  assert((await Deno.readTextFile(`${folder}/data/b.svg`)).startsWith("<svg "));

  const { config, figures } = await json(folder, "runs", "compare", "tiny", "b");
  assertEquals(config, [
    { key: "dataset.seed", before: 1, after: 2 },
    { key: "training.epochs", before: 2, after: 1 },
  ]);
  assert(figures.some(({ figure }: { figure: string }) => figure === "shapes-test bleu-4"));
  const table = await run(folder, "runs", "compare", "tiny", "b");
  assert(/^dataset\.seed +1 +2$/m.test(table.out), table.out);
  assert(table.out.indexOf("bleu-1") < table.out.indexOf("dataset.seed"), table.out);
  assert(table.out.split("\n").every((line) => line.startsWith("Warning: ") || line.length <= 80));
  const other = "Warning: shapes-test: the photos, or what people wrote of them, are not the same";
  assert(table.out.includes(other), table.out);

  const several = await json(folder, "runs", "compare", "tiny", "b", "tiny");
  assertEquals(several.others.map(({ b }: { b: string }) => b), ["b", "tiny"]);
  assertEquals(several.others[0].figures, figures);
  const beside = await run(folder, "runs", "compare", "tiny", "b", "tiny");
  assert(/^figure +tiny +b +gain +p +tiny +gain +p$/m.test(beside.out), beside.out);
  assert(
    /^shapes-test bleu-4( +0\.\d{4}){2} +[+-]?0\.\d{4} +0\.\d{4} +0\.0000 +1\.000$/m.test(
      beside.out,
    ),
    beside.out,
  );
  assert(/^training\.epochs +2 +1 +2$/m.test(beside.out), beside.out);

  const caches = await json(folder, "runs", "cache");
  const uses = caches.map((cache: { kind: string; usedBy: string[] }) =>
    `${cache.kind}: ${cache.usedBy}`
  ).sort();
  assertEquals(uses, ["dataset: ", "dataset: b", "dataset: tiny", "features: b,tiny"]);
  const dry = await json(folder, "runs", "clean", "--dry-run");
  assertEquals([dry.dryRun, dry.deleted.length], [true, 1]);
  assert(await exists(`${folder}/${dry.deleted[0].folder}`));
  const cleaned = await run(folder, "runs", "clean");
  assert(cleaned.out.startsWith(`Deleted ${dry.deleted[0].folder} (`), cleaned.out);
  assert(!(await exists(`${folder}/${dry.deleted[0].folder}`)));

  for (const name of ["no", "../runs/b", "."]) {
    const { code, err } = await run(folder, "runs", "delete", "b", name);
    assert(code === 1 && err.includes(`There is no run "${name}"`), err);
  }
  assert(await exists(`${folder}/data/runs/b`));
  {
    using _lock = await lockFolder(`${folder}/data/runs/b`);
    const { code, err } = await run(folder, "runs", "delete", "b");
    assert(code === 1 && err.includes(`in use by process ${Deno.pid}`), err);
  }
  const deleted = await json(folder, "runs", "delete", "b");
  assertEquals(deleted.deleted.map(({ folder }: { folder: string }) => folder), ["data/runs/b"]);
  assert(!(await exists(`${folder}/data/runs/b`)));
  assertEquals((await json(folder, "runs", "clean")).deleted.length, 1);
  assertEquals((await run(folder, "train", ...CONFIG)).code, 0); // all that it needs is still there
});

test("runs reports a run that cannot be read, and cleans nothing", async (folder) => {
  await Deno.mkdir(`${folder}/data/runs/broken`, { recursive: true });
  await Deno.mkdir(`${folder}/data/features/x`, { recursive: true });
  await Deno.writeTextFile(`${folder}/data/runs/broken/config.json`, "{");
  const [broken] = await json(folder, "runs");
  assert(broken.problem.includes("is damaged"), broken.problem);
  const { code, err } = await run(folder, "runs", "clean");
  assert(code === 1 && err.includes('what the run "broken" uses'), err);
  assert(await exists(`${folder}/data/features/x`));
});

test("runs follows no link out of data", async (folder) => {
  await Deno.mkdir(`${folder}/data/features`, { recursive: true });
  await Deno.mkdir(`${folder}/data/runs`, { recursive: true });
  await Deno.mkdir(`${folder}/mine`);
  await Deno.writeTextFile(`${folder}/mine/file`, "");
  await Deno.symlink(`${folder}/mine`, `${folder}/data/features/mine`);
  await Deno.symlink(`${folder}/mine`, `${folder}/data/runs/mine`);
  assertEquals((await json(folder, "runs", "clean")).deleted, []);
  assertEquals((await run(folder, "runs", "delete", "mine")).code, 1);
  assert(await exists(`${folder}/mine/file`));
});

test("runs exits 2 for wrong use", async (folder) => {
  for (const args of [["wrong"], ["compare", "a"], ["delete"], ["list", "--wrong"]]) {
    const { code, out } = await run(folder, "runs", ...args);
    assertEquals([code, out], [2, ""]);
  }
});

test("a run is meant by its name or its folder; a mistyped name or option gets a hint", async (folder) => {
  await json(folder, "train", ...CONFIG);
  const named = await json(folder, "evaluate", "--run=tiny");
  assertEquals(await json(folder, "evaluate", "--run=data/runs/tiny"), named);
  assertEquals(await json(folder, "evaluate", ...CONFIG), named);
  const { code, err } = await run(folder, "evaluate", "--run=tinny");
  assert(code === 1 && err.includes('no run "tinny" in data/runs; did you mean tiny?'), err);
  const captions = `${folder}/data/runs/tiny/evaluations/shapes-test.captions.jsonl`;
  await Deno.writeTextFile(captions, "{}\n", { append: true });
  const compared = await run(folder, "runs", "compare", "tiny", "tiny");
  const unread = /^Warning: shapes-test: the captions of tiny cannot be read: .*captions\.jsonl/m;
  assert(unread.test(compared.out), compared.out);
  const wrong = await run(folder, "train", "--epochs=3");
  assert(wrong.code === 2 && wrong.err.includes("did you mean --training.epochs=3?"), wrong.err);
});

test("runs shows how far an unfinished training is, and whether a process is on it", async (folder) => {
  await json(folder, "train", ...CONFIG);
  await Deno.remove(`${folder}/data/runs/tiny/training.json`);
  const shown = async () => (await run(folder, "runs")).out;
  assert((await shown()).includes("2 of 2, interrupted"), await shown());
  const { err } = await run(folder, "runs");
  assert(err.includes("not trained to its end (no training.json): `deno task train"), err);
  using _lock = await lockFolder(`${folder}/data/runs/tiny`);
  assert((await shown()).includes("2 of 2, in use now"), await shown());
});
