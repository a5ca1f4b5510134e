/** Configs of others, through the tasks themselves: refused in one sentence, with nothing changed. */
import { join } from "node:path";
import { zipOf } from "../datasets/downloads/zip.ts";
import { assert, assertEquals } from "../assert.ts";
import { filesUnder, ignore, inFolder, runWith, tiny } from "./task.ts";

const CPU = ".cache/showtell/tensorflow-2.21.0-cpu/tensorflow";
const CUDA = ".cache/showtell/tensorflow-2.21.0-cuda/tensorflow";
const LIBRARY = "libtensorflow_cc.so.2";

const zip = zipOf([{ name: LIBRARY, content: "evil" }, {
  name: "best.safetensors",
  content: "evil",
}]);
const files: Record<string, Uint8Array | string> = {
  "/a.zip": zip,
  [`/${LIBRARY}`]: "evil",
  "/best.safetensors": "evil",
};

/** All files of a folder with their contents, links followed. */
async function snapshot(folder: string): Promise<string[]> {
  const names = (await filesUnder(folder)).filter((name) => name !== "attack.json");
  return await Promise.all(
    names.map(async (name) =>
      `${name}: ${await Deno.readTextFile(join(folder, name)).catch(() => "a folder")}`
    ),
  );
}

Deno.test({
  name:
    "a config cannot have TensorFlow's library, a run or any file replaced, by prepare or train",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      await using server = Deno.serve(
        { port: 0, hostname: "127.0.0.1", onListen() {} },
        (request) => new Response(files[new URL(request.url).pathname] as BodyInit ?? "none"),
      );
      const host = `127.0.0.1:${server.addr.port}`;
      const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] })
        .output();
      const { denoDir } = JSON.parse(new TextDecoder().decode(stdout));
      const env = { HOME: folder, DENO_DIR: denoDir, VIRTUAL_ENV: folder };
      for (const place of [CPU, CUDA, "data/runs/tiny", "data/photos/downloads"]) {
        await Deno.mkdir(join(folder, place), { recursive: true });
        for (const name of [LIBRARY, "best.safetensors"]) {
          await Deno.writeTextFile(join(folder, place, name), "genuine");
        }
      }
      await Deno.symlink(join(folder, CPU), join(folder, "data/link"));
      await Deno.mkdir(join(folder, "data/through"));
      await Deno.symlink(join(folder, "data/runs/tiny"), join(folder, "data/through/downloads"));
      const before = await snapshot(folder);

      const attack = async (task: string, source: string, name: string, more = {}) => {
        const downloads = [{ url: `http://${host}/${name}`, hosts: [host], ...more }];
        const config = { ...tiny, dataset: { kind: "folder", source, downloads } };
        await Deno.writeTextFile(join(folder, "attack.json"), JSON.stringify(config));
        const { code, out, err } = await runWith(
          { ...env, SHOWTELL_ENGINE: "wasm" },
          folder,
          task,
          "--config=attack.json",
        );
        const [last, ...rest] = err.trim().split("\n").toReversed();
        assertEquals([code, out], [1, ""], err);
        assert(last.startsWith("Error: ") && !rest.some((line) => /^\s+at /.test(line)), err);
        await Deno.remove(join(folder, "data/photos/downloads/a.zip")).catch(() => {});
        assertEquals(await snapshot(folder), before, source);
        return last;
      };
      for (
        const [task, source, name] of [
          ["train", CPU, "a.zip"],
          ["prepare", join(folder, CUDA), LIBRARY],
          ["prepare", "data/link", "a.zip"],
          ["prepare", "data/through", "best.safetensors"],
        ]
      ) {
        const refusal = await attack(task, source, name);
        assert(refusal.startsWith("Error: Nothing is downloaded into "), refusal);
      }
      const over = await attack("prepare", "data/photos", "a.zip");
      assert(over.includes(`${LIBRARY} is there already, as another file, and is not`), over);
      const sha256 = "0".repeat(64);
      const plain = await attack("prepare", "data/photos", "best.safetensors", { sha256 });
      assert(plain.includes("best.safetensors is there already, with sha256"), plain);
    }),
});
