import { exists } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { filesUnder, ignore, inFolder, json, run, start } from "./task.ts";

const CONFIG = ["--config", "tiny.json"];

const test = (name: string, fn: (folder: string) => Promise<void>) =>
  Deno.test({ name, ignore, fn: () => inFolder(fn) });

/** Starts a task and signals it shortly after its standard error has a certain text. */
async function interrupted(
  folder: string,
  signal: Deno.Signal,
  when: { says: string; milliseconds: number },
  ...args: [string, ...string[]]
) {
  const child = await start(folder, ...args);
  const decoder = new TextDecoder();
  let err = "";
  let told = false;
  const reading = (async () => {
    for await (const part of child.stderr) {
      err += decoder.decode(part, { stream: true });
      if (told || !err.includes(when.says)) continue;
      told = true;
      setTimeout(() => {
        try {
          child.kill(signal);
        } catch {
          // It had ended already.
        }
      }, when.milliseconds);
    }
  })();
  const [status, out] = await Promise.all([child.status, child.stdout.text(), reading]);
  return { code: status.code, signal: status.signal, out, err };
}

interface Shard {
  file: string;
  sha256: string;
  photos: string[];
}

async function shards(folder: string): Promise<Shard[]> {
  const files = await filesUnder(`${folder}/data/features`).catch(() => []);
  const records = files.filter((file) => /shard-\d+\.json$/.test(file)).sort();
  return await Promise.all(records.map(async (file) => ({
    file,
    ...JSON.parse(await Deno.readTextFile(`${folder}/data/features/${file}`)),
  })));
}

test("features killed by kill -9 at any moment: at most one shard is encoded again", async (folder) => {
  // Small batches in small shards, so that a kill hits them half done.
  const args = [...CONFIG, "--dataset.train=160", "--encoder.batchSize=2"];
  await json(folder, "features", ...args);
  const whole = await shards(folder);
  assertEquals(whole.length, 12);
  let met = 0;
  for (const [after, milliseconds] of [[0, 0], [1, 15], [4, 40]]) {
    await Deno.remove(`${folder}/data/features`, { recursive: true });
    const child = await start(folder, "features", ...args);
    while (!(await isBegun(folder)) || (await shards(folder)).length < after) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    child.kill("SIGKILL");
    const { signal } = await child.output();
    const before = await shards(folder);
    const { code, err, out } = await run(folder, "features", ...args, "--json");
    assertEquals(code, 0, err);
    assertEquals(await shards(folder), whole);
    assertEquals(JSON.parse(out).photos, 180);
    assertEquals(await leftovers(folder), []);
    if (signal !== "SIGKILL" || before.length === whole.length) continue;
    met++;
    assert(before.length >= after);
    assertEquals(before, whole.slice(0, before.length)); // these stay as they are
    const encoded = Number(/Features of ([\d,]+) photos cached/.exec(err)![1].replace(",", ""));
    assertEquals(encoded, 180 - before.flatMap(({ photos }) => photos).length);
  }
  assert(met > 0, "no kill met the work");
});

/** Whether the work on features has begun: a shard is claimed. */
async function isBegun(folder: string): Promise<boolean> {
  const files = await filesUnder(`${folder}/data/features`).catch(() => []);
  return files.some((file) => file.endsWith(".lock"));
}

/** Files of writers that did not end. */
async function leftovers(folder: string): Promise<string[]> {
  return (await filesUnder(`${folder}/data`))
    .filter((file) => /\.tmp$|lock\.json$|\.lock$|\.part/.test(file));
}

test("train after SIGINT exits 130, leaves whole files, and resumes to the same weights", async (folder) => {
  const args = [...CONFIG, "--training.epochs=10", "--training.batchSize=16"];
  const stopped = await interrupted(
    folder,
    "SIGINT",
    { says: " 3/10 ", milliseconds: 20 },
    "train",
    ...args,
  );
  assertEquals([stopped.code, stopped.out], [130, ""], stopped.err);
  assert(!stopped.err.includes("    at "), stopped.err);
  const trained = `${folder}/data/runs/tiny`;
  assertEquals(await leftovers(folder), []);
  assert(!(await exists(`${trained}/training.json`)));
  const history = (await Deno.readTextFile(`${trained}/history.jsonl`)).trimEnd().split("\n");
  const done = history.map((line) => JSON.parse(line).epoch).at(-1) + 1;
  assert(done >= 3 && done < 10, `${done}`);
  const again = await run(folder, "train", ...args);
  const where = new RegExp(`Resuming (after epoch ${done}|epoch ${done + 1} after step \\d+)\n`);
  assert(again.code === 0 && where.test(again.err), again.err);
  await json(folder, "train", ...args, "--name", "undisturbed");
  const read = (name: string, file: string) =>
    Deno.readFile(`${folder}/data/runs/${name}/checkpoints/${file}.safetensors`);
  for (const file of ["best", "last"]) {
    assertEquals(await read("tiny", file), await read("undisturbed", file));
  }
});

test("train killed by kill -9 leaves no half-written file under a final name", async (folder) => {
  const args = [...CONFIG, "--training.epochs=8"];
  for (const milliseconds of [1, 30]) {
    await interrupted(
      folder,
      "SIGKILL",
      { says: " 2/8 ", milliseconds },
      "train",
      ...args,
    );
  }
  const { code, err } = await run(folder, "train", ...args);
  assertEquals(code, 0, err);
  assertEquals(await leftovers(folder), []);
  assertEquals((await json(folder, "train", ...args)).epochs, 8);
});

test("prepare after SIGTERM exits 143 and leaves no data set", async (folder) => {
  const args = [...CONFIG, "--dataset.train=2000", "--dataset.size=128"];
  const child = await start(folder, "prepare", ...args);
  while (
    !(await filesUnder(`${folder}/data`).catch(() => [])).some((file) => file.endsWith("jpg"))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGTERM");
  const { code, stdout } = await child.output();
  assertEquals([code, stdout.length], [143, 0]);
  const left = await filesUnder(`${folder}/data`);
  assertEquals(left, []);
});
