import { findPhotos } from "../../lib/datasets/mod.ts";
import { assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write");

Deno.test({
  name: "findPhotos() expands folders, says what it skips, and keeps other names as they are",
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.mkdir(`${folder}/in/deep`, { recursive: true });
      await Deno.mkdir(`${folder}/empty`);
      const text = (name: string, content = "") => Deno.writeTextFile(`${folder}/${name}`, content);
      for (const name of ["b.JPG", "a.png", "deep/c.webp", ".hidden.jpg"]) await text(`in/${name}`);
      await text("in/notes.txt", "no photo");
      await Deno.writeFile(`${folder}/in/d`, new Uint8Array([0xff, 0xd8, 0xff, 0xe0]));
      const said: string[] = [];
      const inputs = ["https://example.org/x", `${folder}/in`, `${folder}/empty`, "gone.jpg"];
      const found = await findPhotos(inputs, { say: (line) => said.push(line) });
      const inside = ["a.png", "b.JPG", "d", "deep/c.webp"].map((name) => `${folder}/in/${name}`);
      assertEquals(found, ["https://example.org/x", ...inside, "gone.jpg"]);
      assertEquals(said, [
        `${folder}/in: 4 photos; skipped 1 file that is not a photo (.txt) and 1 hidden`,
        `${folder}/empty: 0 photos`,
      ]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
