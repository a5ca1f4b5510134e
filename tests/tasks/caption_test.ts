import { exists } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { filesUnder, ignore, inFolder, json, run, runWithInput, start } from "./task.ts";

Deno.test({ name: "caption: photos, folders, lists, files of captions", ignore, fn: wholeTask });

async function wholeTask() {
  await inFolder(async (folder) => {
    await beforeAnyWork(folder);
    await json(folder, "train", "--config", "tiny.json", "--training.epochs=12");
    const photos = await makeFolder(folder);
    const captions = await fileOfCaptions(folder, photos);
    await ownReaderTakesIt(folder, captions);
    await otherFormats(folder, captions);
    await lists(folder, captions);
    await unreadable(folder, captions);
    await webAddresses(folder, captions);
    await interrupted(folder);
    await killed(folder);
    await severalRuns(folder);
  });
}

async function beforeAnyWork(folder: string) {
  const ending = await run(folder, "caption", "a.jpg", "--out", "captions.txt");
  assertEquals([ending.code, ending.out], [2, ""]);
  assert(/--out: captions\.txt .*\.csv, \.tsv, \.jsonl or \.json/.test(ending.err), ending.err);
  const none = await run(folder, "caption", "a.jpg");
  assert(none.code === 2 && /no trained run .*--run.*deno task train/.test(none.err), none.err);
  const { code, out } = await run(folder, "caption", "--help");
  assertEquals(code, 0);
  assert(out.indexOf("--out <") < out.indexOf("--config <"), out);
  assert(/--json +print JSON lines/.test(out) && /the\s+error\s+why/.test(out), out);
}

/** Made photos under names that a table has to quote, one without an ending, and what is no photo. */
async function makeFolder(folder: string): Promise<string[]> {
  const made = `${folder}/data/datasets`;
  const found = (await filesUnder(made)).filter((file) => file.endsWith("jpg")).slice(0, 20);
  await Deno.mkdir(`${folder}/holiday/sub`, { recursive: true });
  const names = found.map((_, i) => `${String(i).padStart(2, "0")}.jpg`);
  names[3] = "03, with a comma.jpg";
  names[4] = '04 "quoted".jpg';
  names[19] = "sub/without_ending";
  for (const [i, file] of found.entries()) {
    await Deno.copyFile(`${made}/${file}`, `${folder}/holiday/${names[i]}`);
  }
  await Deno.writeTextFile(`${folder}/holiday/notes.txt`, "no photo");
  await Deno.writeTextFile(`${folder}/holiday/.hidden.jpg`, "hidden");
  return names.map((name) => `holiday/${name}`);
}

/** Captions by photo, as they are printed. */
type Printed = Map<string, string>;

function printed(out: string): Printed {
  return new Map(out.trimEnd().split("\n").map((line) => line.split("\t") as [string, string]));
}

async function fileOfCaptions(folder: string, photos: string[]): Promise<Printed> {
  const lines = await run(folder, "caption", "holiday");
  assertEquals(lines.code, 0, lines.err);
  assert(lines.err.includes("data/runs/tiny, the only trained one"), lines.err);
  assert(
    lines.err.includes("20 photos; skipped 1 file that is not a photo (.txt) and 1 hidden"),
    lines.err,
  );
  const captions = printed(lines.out);
  assertEquals([...captions.keys()], photos);
  const alone = await run(folder, "caption", "--run=tiny", photos[7]);
  assertEquals(alone.out, `${photos[7]}\t${captions.get(photos[7])}\n`);

  const { code, out, err } = await run(folder, "caption", "holiday", "--out", "captions.csv");
  assertEquals(code, 0, err);
  assert(/^photos +20\nfailed photos +0\nphotos\/s +\d/m.test(out), out);
  const [header, ...rows] = (await Deno.readTextFile(`${folder}/captions.csv`)).split("\r\n");
  assertEquals(header, "file,caption,log_probability");
  assertEquals([rows.length, rows.at(-1)], [21, ""]);
  assert(rows[3].startsWith(`"holiday/03, with a comma.jpg",${captions.get(photos[3])},-`));
  assert(rows[4].startsWith(`"holiday/04 ""quoted"".jpg",${captions.get(photos[4])},-`));
  assertEquals(await leftovers(folder), []);
  const before = await Deno.readFile(`${folder}/captions.csv`);
  const again = await run(folder, "caption", photos[0], "--out", "captions.csv");
  assert(again.code === 1 && /is there already.*--overwrite/.test(again.err), again.err);
  assertEquals(await Deno.readFile(`${folder}/captions.csv`), before);
  return captions;
}

async function ownReaderTakesIt(folder: string, captions: Printed) {
  const source = ["--dataset.kind=folder", "--dataset.source=holiday"]
    .concat(`--dataset.captions=${folder}/captions.csv`);
  const prepared = await json(folder, "prepare", "--config", "tiny.json", ...source);
  const filled = [...captions.values()].filter((caption) => caption !== "").length;
  assert(filled > 0);
  assertEquals([prepared.photos, prepared.captions], [filled, filled]);
}

async function otherFormats(folder: string, captions: Printed) {
  const read = async (file: string, ...args: string[]) => {
    const summary = await json(folder, "caption", ...args, "--out", file);
    assertEquals(Object.keys(summary), ["out", "photos", "failed", "photosPerSecond"]);
    return await Deno.readTextFile(`${folder}/${file}`);
  };
  const lines = (await read("new/captions.jsonl", "holiday")).trimEnd().split("\n");
  const objects = lines.map((line) => JSON.parse(line));
  assertEquals(new Map(objects.map(({ photo, caption }) => [photo, caption])), captions);
  assert(objects.every(({ logProbability, words }) => logProbability < 0 && Array.isArray(words)));
  assertEquals(JSON.parse(await read("captions.json", "holiday")), objects);
  const table = await read("captions.csv", "holiday/00.jpg", "--overwrite");
  assertEquals(table.split("\r\n").length, 3);
  const [, row] = (await read("captions.tsv", "holiday/00.jpg")).split("\r\n");
  assertEquals(row.split("\t").slice(0, 2), ["holiday/00.jpg", captions.get("holiday/00.jpg")]);
}

async function lists(folder: string, captions: Printed) {
  const [first, second, ...others] = captions.keys();
  for (const list of [`${second}\n\n${others[0]}\r\n`, `${second}\0${others[0]}\0`]) {
    const { code, out, err } = await runWithInput(
      list,
      folder,
      "caption",
      first,
      "-",
      "holiday/sub",
    );
    assertEquals(code, 0, err);
    assertEquals(
      [...printed(out)],
      [first, second, others[0], others.at(-1)!].map((photo) => [
        photo,
        captions.get(photo)!,
      ]),
    );
  }
  const empty = await run(folder, "caption", "-"); // standard input has ended
  assert(empty.code === 1 && empty.err.includes("There is no photo to caption"), empty.err);
}

async function unreadable(folder: string, captions: Printed) {
  await Deno.writeTextFile(`${folder}/text.jpg`, "no photo");
  const [photo] = captions.keys();
  const named = ["gone.jpg", photo, "text.jpg"];
  const { code, out, err } = await run(folder, "caption", ...named, "--json");
  assertEquals(code, 1);
  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ photo }) => photo), named);
  assertEquals(lines[0], { photo: "gone.jpg", error: "no such file" });
  assertEquals(Object.keys(lines[2]), ["photo", "error"]);
  assert(err.includes("text.jpg: it is not a photo in a supported format"), err);
  assert(err.includes("2 of 3 photos could not be captioned"), err);
  const table = await run(folder, "caption", ...named, "--out", "some.csv");
  assertEquals(table.code, 1, table.err);
  assertEquals((await Deno.readTextFile(`${folder}/some.csv`)).split("\r\n").length, 3);
}

async function webAddresses(folder: string, captions: Printed) {
  const [photo] = captions.keys();
  const bytes = await Deno.readFile(`${folder}/${photo}`);
  await using server = Deno.serve({ port: 0, onListen: () => {} }, ({ url }) => {
    const { pathname } = new URL(url);
    if (pathname === "/photo") return new Response(bytes);
    if (pathname === "/page") return new Response("<!DOCTYPE html><html><title>Hi</title></html>");
    return new Response("no", { status: 404 });
  });
  const address = `http://127.0.0.1:${server.addr.port}`;
  const named = ["photo", "page", "gone"].map((path) => `${address}/${path}`);
  const { code, out, err } = await run(folder, "caption", ...named);
  assertEquals(code, 1);
  assertEquals([...printed(out)], [[named[0], captions.get(photo)!]]);
  assert(/page: it is not a photo but a web page/.test(err), err);
  assert(/gone: it could not be fetched .*404.* curl -LO 'http/.test(err), err);
}

/** Captions the same photo very often, and signals the task when a part of the file is written. */
async function signalled(folder: string, signal: Deno.Signal) {
  await Deno.mkdir(`${folder}/many`, { recursive: true });
  for (let i = 0; i < 4000; i++) {
    await Deno.symlink("../holiday/00.jpg", `${folder}/many/${i}.jpg`).catch(() => {});
  }
  const child = await start(folder, "caption", "many", "--out", "many.jsonl");
  while (!(await leftovers(folder)).some((file) => Deno.statSync(`${folder}/${file}`).size > 0)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill(signal);
  const { code, stdout, stderr } = await child.output();
  assert(!await exists(`${folder}/many.jsonl`));
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

async function interrupted(folder: string) {
  const { code, out, err } = await signalled(folder, "SIGINT");
  assertEquals([code, out], [130, ""], err);
  assert(
    /many\.jsonl is not written\nInterrupted at captions, [\d,]+ of 4,000 captions\./.test(err),
    err,
  );
  assertEquals(await leftovers(folder), []);
}

async function killed(folder: string) {
  const { code } = await signalled(folder, "SIGKILL");
  assertEquals(code, 137);
  assertEquals((await leftovers(folder)).length, 1);
  await json(folder, "caption", "holiday/00.jpg", "--out", "next.json");
  assertEquals(await leftovers(folder), []);
}

async function severalRuns(folder: string) {
  await json(folder, "train", "--config", "tiny.json", "--name", "second");
  const { code, out, err } = await run(folder, "caption", "holiday/00.jpg");
  assertEquals([code, out], [2, ""]);
  assert(err.includes("There are 2 trained runs: choose one by --run (second, tiny)"), err);
  const named = await run(folder, "caption", "holiday/00.jpg", "--name", "tiny");
  assertEquals(named.code, 0, named.err);
  const config = await run(folder, "caption", "holiday/00.jpg", "--config", "tiny.json");
  assertEquals([config.code, config.out], [0, named.out], config.err);
}

/** Files that are being written, or whose writers were killed. */
async function leftovers(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return names.filter((name) => name.endsWith(".tmp"));
}
