import { tidyData } from "../../lib/stages/mod.ts";
import { assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const DEAD = '{"pid":1,"started":"2026-01-01T00:00:00.000Z"}\n';

Deno.test({
  name: "tidyData() removes the locks of the dead, and no file of the user's here or by an output",
  ignore: !granted("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
    try {
      const write = async (files: Record<string, string>) => {
        for (const [path, text] of Object.entries(files)) {
          await Deno.mkdir(`${folder}/${path}`.replace(/[^/]*$/, ""), { recursive: true });
          await Deno.writeTextFile(`${folder}/${path}`, text);
        }
      };
      const ours = {
        "data/runs/.tiny.lock": DEAD,
        "data/runs/.tiny.use": "",
        "data/datasets/.shapes-0123456789ab.lock": DEAD,
        "data/datasets/shapes-0123456789ab/.photos.lock": DEAD,
        "data/features/.vgg16-fc2-0123456789abcdef.use": "",
        "data/exports/.tiny-keras.lock": DEAD,
        "mine/.page.lock": DEAD,
      };
      const users = {
        ".flake.lock": "{}",
        "mine/.flake.lock": "{}",
        "mine/.other.lock": DEAD,
        "mine/.editor.use": "",
        "data/.editor.lock": "",
        "data/.images.lock": DEAD,
        "data/runs/.notes.lock": "mine",
        "data/runs/tiny/.editor.lock": "",
        "data/datasets/.editor.lock": "",
        "data/datasets/shapes-0123456789ab/.editor.use": "",
        "data/datasets/shapes-0123456789ab/photos/.photos.lock": DEAD,
        "data/features/.editor.lock": "4711",
        "data/exports/.page.use": "",
      };
      await write({ ...ours, ...users });
      await tidyData(`${folder}/data`, {}, `${folder}/mine/page`);
      for (const [path, text] of Object.entries(users)) {
        assertEquals(await Deno.readTextFile(`${folder}/${path}`), text, path);
      }
      for (const path of Object.keys(ours)) {
        assertEquals(await Deno.stat(`${folder}/${path}`).catch(() => "gone"), "gone", path);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
