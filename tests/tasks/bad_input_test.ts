import { exists } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { filesUnder, ignore, inFolder, json, type Outcome, run, tiny } from "./task.ts";

const CONFIG = ["--config", "tiny.json"];
const FLICKR = ["--config", "flickr.json"];

const test = (name: string, fn: (folder: string) => Promise<void>) =>
  Deno.test({ name, ignore, fn: () => inFolder(fn) });

/** Checks that a task failed with one sentence that has these parts, and left no run. */
async function refused(folder: string, outcome: Outcome, ...parts: string[]) {
  const { code, out, err } = outcome;
  assert(code === 1 || code === 2, `${code} ${err}`);
  assertEquals(out, "");
  const sentence = err.trim().split("\n").find((line) => line.startsWith("Error: ")) ?? "";
  for (const part of parts) assert(sentence.includes(part), err);
  assert(!err.includes("    at ") && !/os error|undefined/.test(sentence), err);
  const runs = await filesUnder(`${folder}/data/runs`).catch(() => []);
  assertEquals(runs, []);
}

/** Photos drawn by `shapes`, laid out as Flickr8k with lists, and a config for them. */
async function flickr(folder: string): Promise<{ images: string; captions: string }> {
  const { out } = await run(folder, "prepare", ...CONFIG);
  const photos = `${folder}/${/^data set +(\S+)$/m.exec(out)![1]}/photos`;
  const images = `${folder}/flickr/Images`;
  await Deno.mkdir(`${folder}/flickr`);
  await Deno.rename(photos, images);
  await Deno.remove(`${folder}/data`, { recursive: true });
  const files = await filesUnder(images);
  const captions = `${folder}/flickr/captions.txt`;
  const rows = files.map((file, i) => `${file},"A red thing, number ${i % 7}"\n`);
  await Deno.writeTextFile(captions, `image,caption\n${rows.join("")}`);
  const lists = { train: "train", dev: "dev", test: "test" };
  for (const [list, prefix] of Object.entries(lists)) {
    const names = files.filter((file) => file.startsWith(prefix)).join("\n");
    await Deno.writeTextFile(`${folder}/flickr/Flickr_8k.${list}Images.txt`, names);
  }
  const dataset = { kind: "flickr8k", source: "flickr" };
  await Deno.writeTextFile(`${folder}/flickr.json`, JSON.stringify({ ...tiny, dataset }));
  return { images, captions };
}

test("train of an invalid config: one sentence, exit 1 or 2, nothing written", async (folder) => {
  const cases: [string[], string[]][] = [
    [["--decoding.beam=0"], ['"decoding.beam" is 0', "from 1 to 100"]],
    [["--training.epocs=3"], ['unknown key "training.epocs"', 'did you mean "training.epochs"?']],
    [["--training.epochs=many"], ['"training.epochs" is "many"', "a whole number"]],
    [["--training.epochs"], ["--training.epochs has no value"]],
    [["--training.checkpoint.monitor=val_accuracy"], ["val_accuracy", "loss, val_loss"]],
    [["--encoder.layer=fc3"], ['no layer "fc3"']],
    [["--encoder.weights=no.h5"], ["no.h5"]],
    [["--encoder.kind=vgg17"], ['"vgg16"']],
    [["--config", "no.json"], ["no.json"]],
  ];
  for (const [args, parts] of cases) {
    await refused(folder, await run(folder, "train", ...CONFIG, ...args), ...parts);
  }
  const wrong = await run(folder, "train", "--wrong");
  assert(wrong.code === 2 && wrong.err.includes("--wrong"), wrong.err);
  const surplus = await run(folder, "train", "surplus");
  assertEquals(surplus.code, 2);
});

test("train of a Flickr8k folder that cannot be used: one sentence, nothing written", async (folder) => {
  const { images, captions } = await flickr(folder);
  const train = (...args: string[]) => run(folder, "train", ...FLICKR, ...args);
  const whole = await Deno.readTextFile(captions);
  await refused(folder, await train("--dataset.source=nowhere"), "no folder", "nowhere");
  await Deno.writeTextFile(captions, "");
  await refused(folder, await train(), "captions.txt");
  await Deno.writeTextFile(captions, "image,caption\n");
  await refused(folder, await train(), "captions.txt");
  await Deno.writeTextFile(captions, whole.replace(/^\w+_/gm, "absent_9"));
  await refused(folder, await train(), "captions.txt", "names no photo", "Images");
  await Deno.writeTextFile(captions, whole);
  await Deno.rename(images, `${images}-away`);
  await refused(folder, await train(), "Images");
  assert(!(await exists(`${folder}/data/features`)));
  const tables = await filesUnder(`${folder}/data`).catch(() => []);
  assert(!tables.some((file) => file.endsWith(".parquet")), tables.join());
});

test("photos that cannot be decoded are rejected, listed and counted; training continues", async (folder) => {
  const { images } = await flickr(folder);
  await Deno.writeTextFile(`${images}/train_00001.jpg`, "this is not a photo");
  await Deno.writeFile(`${images}/train_00002.jpg`, new Uint8Array());
  await Deno.copyFile(await bigPhoto(folder), `${images}/train_00003.jpg`);
  const LIMIT = "--encoder.maxPixels=3000";
  const features = await run(folder, "features", ...FLICKR, LIMIT, "--json");
  assertEquals(features.code, 0, features.err);
  const { photos, rejected } = JSON.parse(features.out);
  assertEquals([photos, rejected], [77, 3]);
  for (const name of ["train_00001", "train_00002", "train_00003"]) {
    assert(new RegExp(`Rejected .*${name}\\.jpg: \\w+`).test(features.err), features.err);
  }
  const trained = await json(folder, "train", ...FLICKR, LIMIT);
  assertEquals(trained.evaluation.photos, 10);
});

test("weights of another network or a truncated file: one sentence, no run", async (folder) => {
  const shapes = new URL("../../lib/encoders/weights/shapes_cnn.safetensors", import.meta.url);
  const bytes = await Deno.readFile(shapes);
  await Deno.writeFile(`${folder}/cut.h5`, bytes.subarray(0, 1000));
  const train = (...args: string[]) => run(folder, "train", ...CONFIG, ...args);
  await refused(folder, await train("--encoder.weights=cut.h5"), "cut.h5");
  const superblock = new Uint8Array(96); // of a file of a million bytes (version 0)
  superblock.set([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
  new DataView(superblock.buffer).setBigUint64(40, 1_000_000n, true);
  await Deno.writeFile(`${folder}/short.h5`, superblock);
  await refused(
    folder,
    await train("--encoder.weights=short.h5"),
    "short.h5 is truncated: 96 of 1000000 bytes",
  );
  await Deno.writeTextFile(`${folder}/model.json`, "{}");
  await refused(folder, await train("--encoder.weights=model.json"), "model.json");
  await Deno.writeFile(`${folder}/other.safetensors`, bytes);
  await refused(folder, await train("--encoder.weights=other.safetensors"), "other.safetensors");
});

test("a data folder that cannot be written: one sentence with the folder", async (folder) => {
  await Deno.writeTextFile(`${folder}/data`, "a file instead of the folder");
  const { code, out, err } = await run(folder, "train", ...CONFIG);
  assertEquals([code, out], [1, ""]);
  assert(/Error: Cannot write data\/\S+: .*a file, not a folder/.test(err), err);
});

test("a full disk: one sentence with the folder, nothing half-written", async (folder) => {
  const data = `${folder}/data`;
  await Deno.mkdir(data);
  const mount = await new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", "size=150k", "none", data],
    stderr: "null",
  }).output().catch(() => ({ success: false }));
  if (!mount.success) return; // only root may mount
  try {
    const outcome = await run(folder, "train", ...CONFIG);
    await refused(folder, outcome, "Cannot write data/", "is full", "free some space");
    const files = await filesUnder(data);
    assert(!files.some((file) => file.endsWith(".tmp") || file.includes("photos/")), files.join());
  } finally {
    await new Deno.Command("umount", { args: [data] }).output();
  }
});

test("a damaged checkpoint, tokenizer or config of a run is named", async (folder) => {
  await json(folder, "train", ...CONFIG);
  const best = `${folder}/data/runs/tiny/checkpoints/best.safetensors`;
  const bytes = await Deno.readFile(best);
  await Deno.writeFile(best, bytes.subarray(0, bytes.length / 2));
  const photo = (await filesUnder(`${folder}/data/datasets`)).find((file) => file.endsWith("jpg"));
  const caption = () => run(folder, "caption", "--run", "data/runs/tiny", `data/datasets/${photo}`);
  const cut = await caption();
  assert(cut.code === 0 && cut.err.includes("best.safetensors is damaged"), cut.err);
  await Deno.remove(`${folder}/data/runs/tiny/checkpoints/last.safetensors`);
  for (const damage of ["it is not as it was written", "it is missing"]) {
    const { code, out, err } = await caption();
    assertEquals([code, out], [1, ""]);
    assert(
      err.includes(
        `best.safetensors is damaged (${damage}): \`deno task train ` +
          "--config=data/runs/tiny/config.json` restores it",
      ),
      err,
    );
    await Deno.remove(best).catch(() => {});
  }
  await Deno.writeTextFile(`${folder}/data/runs/tiny/config.json`, "{");
  const damaged = await run(folder, "train", ...CONFIG, "--model.units=3");
  assert(damaged.code === 1 && damaged.err.includes("config.json is damaged"), damaged.err);
});

async function bigPhoto(folder: string): Promise<string> {
  const { default: sharp } = await import("sharp");
  const path = `${folder}/big.jpg`;
  await sharp({ create: { width: 100, height: 100, channels: 3, background: "red" } }).toFile(path);
  return path;
}
