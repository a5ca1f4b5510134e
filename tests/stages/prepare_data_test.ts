import { join } from "node:path";
import { loadConfig } from "../../lib/config/mod.ts";
import { type Experiment, prepareData } from "../../lib/stages/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys");

/** Contents of every file under a folder. */
async function contents(folder: string, under = ""): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(join(folder, under))) {
    const path = join(under, name);
    if (isDirectory) Object.assign(found, await contents(folder, path));
    else found[path] = (await Deno.readFile(join(folder, path))).toBase64();
  }
  return found;
}

async function withShapes(
  test: (prepare: () => Promise<{ folder: string; said: string[] }>) => Promise<void>,
): Promise<void> {
  const data = await Deno.makeTempDir({ prefix: "showtell-test-" });
  const overrides = ["train=40", "dev=3", "test=3", "size=32"].map((each) => `dataset.${each}`);
  const config = await loadConfig({ overrides });
  try {
    await test(async () => {
      const said: string[] = [];
      const experiment: Experiment = {
        config,
        data,
        engine: () => Promise.reject(new Error("No engine is needed here")),
        say: (line) => void said.push(line),
      };
      return { folder: (await prepareData(experiment)).folder, said };
    });
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

Deno.test({
  name: "prepareData() draws photos again that are gone or altered, the same bytes, and says so",
  ignore,
  fn: () =>
    withShapes(async (prepare) => {
      const { folder, said: first } = await prepare();
      assert(first.at(-1)!.startsWith("Data prepared"), first.join("\n"));
      const whole = await contents(folder);
      const photos = join(folder, "photos");
      const [a, b, c] = ["train_00001.jpg", "train_00040.jpg", "test_00002.jpg"];
      await Deno.writeTextFile(join(photos, a), "altered");
      await Deno.remove(join(photos, b));
      await Deno.remove(join(photos, c));
      await Deno.mkdir(join(photos, c));
      const { said } = await prepare();
      assertEquals(said[0], `3 photos in ${photos}, gone or altered: drawn again`);
      assert(said[1].startsWith("The data set is prepared"), said.join("\n"));
      assertEquals(await contents(folder), whole);
      await Deno.remove(photos, { recursive: true });
      assertEquals(
        (await prepare()).said[0],
        `46 photos in ${photos}, gone or altered: drawn again`,
      );
      assertEquals(await contents(folder), whole);
      assertEquals((await prepare()).said.length, 1);
    }),
});

Deno.test({
  name: "prepareData() names the file for which it prepares a data set again",
  ignore,
  fn: () =>
    withShapes(async (prepare) => {
      const { folder } = await prepare();
      const whole = await contents(folder);
      for (
        const name of ["captions.parquet", "scenes.parquet", "dataset.json", "prepare.stage.json"]
      ) {
        const path = join(folder, name);
        const damages = [
          () => Deno.writeTextFile(path, "[]"),
          () => Deno.remove(path),
          () => Deno.mkdir(path),
        ];
        for (const [i, damage] of damages.entries()) {
          if (i === 2) await Deno.remove(path);
          await damage();
          const { said } = await prepare();
          assert(said[0].startsWith(`${path} is gone, damaged or of another version: `), said[0]);
          assertEquals(await contents(folder), whole);
        }
      }
    }),
});
