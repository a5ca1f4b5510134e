import { recogniseFile } from "../../../lib/interchange/mod.ts";
import { assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { npyOf } from "../../python/npy_file.ts";
import { archiveOf } from "../zip_archive.ts";

Deno.test({
  name: "recogniseFile() refuses features with NaN or infinity, naming the photo",
  ignore: !granted("read", "write"),
  fn: async () => {
    const path = await Deno.makeTempFile({ suffix: ".npz" });
    const write = (value: number) => {
      const member = (name: string, ...numbers: number[]) => ({
        name: `${name}.npy`,
        content: npyOf("<f4", [numbers.length], Float32Array.from(numbers)),
      });
      return Deno.writeFile(path, archiveOf([member("a.jpg", 1, 2), member("b.jpg", 3, value)]));
    };
    try {
      for (const [value, word] of [[NaN, "NaN"], [-Infinity, "-Infinity"]] as const) {
        await write(value);
        const message = `${path}: its entry b.jpg has the number ${word}: encode that photo again`;
        await assertRejects(() => recogniseFile(path), RangeError, message);
      }
      await write(4);
      assertEquals((await recogniseFile(path)).kind, "features");
    } finally {
      await Deno.remove(path);
    }
  },
});
