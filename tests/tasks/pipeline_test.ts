import { exists } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { filesUnder, ignore, inFolder, json, run } from "./task.ts";

const CONFIG = ["--config", "tiny.json"];

Deno.test({ name: "prepare, features, tokenizer --json have their fields", ignore, fn: stages });
Deno.test({ name: "train, evaluate, caption: from training to captions", ignore, fn: wayOfARun });
Deno.test({ name: "train twice with one seed writes the same bytes", ignore, fn: sameSeed });

async function stages() {
  await inFolder(async (folder) => {
    const prepared = await json(folder, "prepare", ...CONFIG);
    assertEquals(prepared, { captions: 400, photos: 80, rejected: 0 });
    const features = await json(folder, "features", ...CONFIG);
    assertEquals(Object.keys(features), ["key", "photos", "rejected", "photosPerSecond"]);
    assertEquals([features.photos, features.rejected], [80, 0]);
    assert(features.photosPerSecond > 0);
    assert(await exists(`${folder}/data/features/${features.key}/manifest.json`));
    const tokenizer = await json(folder, "tokenizer", ...CONFIG);
    assertEquals(Object.keys(tokenizer), ["vocabulary", "longest", "pairs"]);
    assert(Object.values(tokenizer).every(Number.isInteger), JSON.stringify(tokenizer));
    const again = await run(folder, "features", ...CONFIG);
    assert(again.err.includes("The data set is prepared") && again.err.includes("all 80 photos"));
  });
}

async function wayOfARun() {
  await inFolder(async (folder) => {
    const first = await json(folder, "train", ...CONFIG);
    assertEquals(
      Object.keys(first),
      ["run", "parameters", "epochs", "bestEpoch", "unigramLoss", "wordsPerSecond", "evaluation"],
    );
    assertEquals([first.run, first.epochs], ["data/runs/tiny", 2]);
    assert(first.unigramLoss > 1 && first.unigramLoss < 10, `${first.unigramLoss}`);
    const { evaluation } = first;
    const fields = ["split", "photos", "signature", "captionsPerSecond", "scores"]
      .concat("intervals", "statistics", "perplexity");
    assertEquals(Object.keys(evaluation), fields);
    assertEquals([evaluation.split, evaluation.photos], ["test", 10]);
    assert(["bleu-1", "bleu-4", "main-object"].every((name) => name in evaluation.scores));
    const files = await filesUnder(`${folder}/data/runs/tiny`);
    assert(!files.some((file) => /\.tmp$|lock\.json$/.test(file)), files.join());
    await nothingAgain(folder);
    await anotherConfig(folder);
    await moreEpochs(folder);
    await anotherDataSet(folder);
    await copiedElsewhere(folder);
  });
}

async function nothingAgain(folder: string) {
  const before = await Deno.stat(`${folder}/data/runs/tiny/checkpoints/best.safetensors`);
  const { code, out, err } = await run(folder, "train", ...CONFIG);
  assertEquals(code, 0);
  for (const line of ["The data set is prepared", "tokenizer is built", "Training is done"]) {
    assert(err.includes(line), err);
  }
  assert(err.includes("The evaluation is done") && !err.includes("Epoch"), err);
  assert(
    /^run +data\/runs\/tiny\n/.test(out) &&
      /^bleu-4 +0\.\d{4} {2}\(0\.\d{4} to 0\.\d{4}\)$/m.test(out),
    out,
  );
  const after = await Deno.stat(`${folder}/data/runs/tiny/checkpoints/best.safetensors`);
  assertEquals(after.mtime, before.mtime);
}

async function anotherConfig(folder: string) {
  const other = [...CONFIG, "--model.units=8", "--training.seed", "2"];
  const { code, out, err } = await run(folder, "train", ...other);
  assertEquals([code, out], [1, ""]);
  const last = err.trim().split("\n").at(-1)!;
  assert(last.includes("model.units (16, now 8), training.seed (1, now 2)"), err);
  assert(last.includes("--name") && last.includes("--overwrite"), err);
  const named = await json(folder, "train", ...other, "--name", "other");
  assertEquals(named.run, "data/runs/other");
  const over = await json(folder, "train", ...CONFIG, "--name", "other", "--overwrite");
  assertEquals([over.run, over.epochs], ["data/runs/other", 2]);
  const fewer = await run(folder, "train", ...CONFIG, "--training.epochs=1");
  assert(fewer.code === 1 && fewer.err.includes("training.epochs (2, now 1)"), fewer.err);
  const decoding = await run(folder, "train", ...CONFIG, "--decoding.beam=1");
  assert(decoding.code === 0 && decoding.err.includes("Training is done"), decoding.err);
}

async function moreEpochs(folder: string) {
  const { code, err } = await run(folder, "train", ...CONFIG, "--training.epochs=3");
  assertEquals(code, 0);
  assert(err.includes("Resuming after epoch 2") && err.includes(" 3/3 "), err);
  assert(!err.includes(" 1/3 ") && !err.includes(" 2/3 "), err);
  // As if it had never been interrupted: the same bytes as three epochs in one go.
  const whole = [...CONFIG, "--training.epochs=3", "--name", "whole"];
  await json(folder, "train", ...whole);
  const read = (name: string) =>
    Deno.readFile(`${folder}/data/runs/${name}/checkpoints/best.safetensors`);
  assertEquals(await read("tiny"), await read("whole"));
}

async function anotherDataSet(folder: string) {
  const own = `${folder}/data/runs/tiny/evaluations/shapes-test.json`;
  const before = await Deno.readTextFile(own);
  const RUN = ["--run", "data/runs/tiny"];
  const dev = await json(folder, "evaluate", ...RUN, "--evaluation.split=dev");
  assertEquals([dev.split, dev.photos], ["dev", 10]);
  const other = await json(folder, "evaluate", ...RUN, "--dataset.seed=2", "--dataset.test=12");
  assertEquals([other.split, other.photos], ["test", 12]);
  assertEquals(await Deno.readTextFile(own), before);
  const inBatches = await json(
    folder,
    "evaluate",
    ...RUN,
    "--evaluation.split=dev",
    "--decoding.batchSize=3",
  );
  assertEquals(inBatches.scores, dev.scores);
  const train = await run(folder, "evaluate", ...RUN, "--evaluation.split=train");
  assert(train.code === 1 && train.err.includes('it must be "dev" or "test"'), train.err);
  // Captions of train photos laid out as another data set, all of them in test.
  const prepared = await run(folder, "prepare", ...CONFIG);
  const photos = `${folder}/${/^data set +(\S+)$/m.exec(prepared.out)![1]}/photos`;
  await Deno.mkdir(`${folder}/seen/Images`, { recursive: true });
  const seen = (await filesUnder(photos)).filter((file) => /^(train|test)_0000[1-3]/.test(file));
  for (const file of seen) {
    await Deno.copyFile(`${photos}/${file}`, `${folder}/seen/Images/${file}`);
  }
  const rows = seen.map((file) => `${file},a red circle\n`).join("");
  await Deno.writeTextFile(`${folder}/seen/captions.txt`, `image,caption\n${rows}`);
  const SEEN = ["--dataset.kind=flickr8k", "--dataset.source=seen"]
    .concat('--dataset.split={"train":0,"dev":0,"test":1}');
  const { code, out, err } = await run(folder, "evaluate", ...RUN, ...SEEN, "--json");
  assertEquals(code, 0, err);
  assert(err.includes("captions of test are left out: the run was trained on their photos"), err);
  assert(JSON.parse(out).photos > 0 && JSON.parse(out).photos < seen.length, out);
}

async function copiedElsewhere(folder: string) {
  await Deno.mkdir(`${folder}/elsewhere`);
  await Deno.rename(`${folder}/data/runs/tiny`, `${folder}/elsewhere/copy`);
  await Deno.rename(`${folder}/seen`, `${folder}/elsewhere/seen`);
  await Deno.remove(`${folder}/data`, { recursive: true });
  const photos = (await filesUnder(`${folder}/elsewhere/seen/Images`))
    .map((file) => `seen/Images/${file}`);
  const RUN = ["--run", "copy"];
  const { code, out, err } = await run(
    `${folder}/elsewhere`,
    "caption",
    ...RUN,
    "--json",
    ...photos,
  );
  assertEquals(code, 0, err);
  const lines = out.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ photo }) => photo), photos);
  for (const { caption, logProbability, words, alternatives, ...rest } of lines) {
    assertEquals(Object.keys(rest), ["photo"]);
    assertEquals(words.map(({ word }: { word: string }) => word).join(" "), caption);
    const log = words.reduce(
      (sum: number, { probability }: { probability: number }) => sum + Math.log(probability),
      0,
    );
    assert(logProbability <= log + 1e-4, `${logProbability} ${log}`); // the end marker counts as well
    assertEquals(alternatives.length, 2);
    assert(Number.isFinite(alternatives[0].logProbability));
  }
  await Deno.writeTextFile(`${folder}/elsewhere/text.jpg`, "no photo");
  const bad = await run(`${folder}/elsewhere`, "caption", ...RUN, "no.jpg", "text.jpg", photos[0]);
  assertEquals([bad.code, bad.out.split("\t")[0]], [1, photos[0]]);
  assert(bad.err.includes("no.jpg: no such file") && bad.err.includes("text.jpg: "));
  assert(bad.err.includes("2 of 3 photos could not be captioned"), bad.err);
  const none = await run(`${folder}/elsewhere`, "caption", "--run", "seen", photos[0]);
  assert(none.code === 1 && none.err.includes("seen holds no run"), none.err);
  const noRun = await run(`${folder}/elsewhere`, "caption", photos[0]);
  assert(noRun.code === 2 && noRun.err.includes("--run"), noRun.err);
  const noPhoto = await run(`${folder}/elsewhere`, "caption", ...RUN);
  assert(noPhoto.code === 2, noPhoto.err);
}

async function sameSeed() {
  await inFolder(async (folder) => {
    for (const name of ["a", "b"]) await json(folder, "train", ...CONFIG, "--name", name);
    const different = ["--name", "c", "--training.seed=2"];
    await json(folder, "train", ...CONFIG, ...different);
    const read = (name: string, file: string) =>
      Deno.readFile(`${folder}/data/runs/${name}/${file}`);
    for (const file of ["checkpoints/best.safetensors", "checkpoints/last.safetensors"]) {
      assertEquals(await read("a", file), await read("b", file));
    }
    const captions = "evaluations/shapes-test.captions.jsonl";
    assertEquals(await read("a", captions), await read("b", captions));
    const best = "checkpoints/best.safetensors";
    assert(String(await read("a", best)) !== String(await read("c", best)));
  });
}
