import { UnreadablePhotoError } from "../../lib/images/mod.ts";
import { listedFeatures } from "../../lib/stages/photo_features.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { npyOf, npyOfTexts } from "../python/npy_file.ts";
import { archiveOf } from "../interchange/zip_archive.ts";
import { granted } from "../permissions.ts";

Deno.test({
  name:
    "listedFeatures() finds photos by name in any order and folder, and refuses others one by one",
  ignore: !granted("read", "write"),
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
    const path = `${folder}/features.npz`;
    const names = ["1000", "2000", "cats/3.jpg", "dogs/3.jpg"];
    const matrix = Float32Array.from({ length: 8 }, (_, i) => i);
    await Deno.writeFile(
      path,
      archiveOf([
        { name: "x.npy", content: npyOf("<f4", [4, 2], matrix), deflated: true },
        { name: "names.npy", content: npyOfTexts(names) },
      ]),
    );
    const features = await listedFeatures(path, { featureShape: [2], name: "a run" });
    try {
      const found = await features.of(["photos/2000.jpg", "1000.png", "dogs/3.jpg"]);
      assertEquals([...found], [2, 3, 0, 1, 6, 7]);
      assertEquals([...await features.of(["1000.jpg"])], [0, 1]);
      const refused = async (photo: string | Uint8Array) =>
        (await assertRejects(() => features.of([photo]), UnreadablePhotoError)).message;
      assertEquals(
        await refused("4000.jpg"),
        `4000.jpg cannot be used: it has no entry in ${path}, which names its photos as 1000`,
      );
      assertEquals(
        await refused("3.jpg"),
        `3.jpg cannot be used: it has several entries in ${path}, which names its photos as 1000`,
      );
      assertEquals(
        await refused(new Uint8Array(3)),
        `The photo cannot be used: it has no name to look up in ${path}`,
      );
    } finally {
      features.dispose();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
