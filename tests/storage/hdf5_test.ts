import { assert, assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";
import { openHdf5, openHdf5Bytes } from "../../lib/storage/mod.ts";

const ignore = !granted("read", "write");

/** A folder with `a.h5`: text and number attributes, small and large arrays. */
async function withFile(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const { File, ready } = await import("h5wasm/node");
    await ready;
    const path = `${folder}/a.h5`;
    const file = new File(path, "w");
    file.create_attribute("bytes", ["one", "three"], [2], "A5");
    file.create_attribute("texts", ["eins", "drei"], [2], "S");
    file.create_attribute("text", "Ä");
    file.create_attribute("number", 7);
    const group = file.create_group("layer").create_group("layer");
    group.create_dataset({
      name: "kernel:0",
      data: Float32Array.from({ length: 6 }, (_, i) => i / 4),
      shape: [2, 3],
    });
    group.create_dataset({ name: "double", data: new Float64Array([1.5]), shape: [1] });
    group.create_dataset({ name: "whole", data: new Int32Array([1, 2]), shape: [2] });
    group.create_dataset({
      name: "large", // read in several pieces, the last one shorter
      data: Float32Array.from({ length: 5 * 1_000_003 }, (_, i) => i % 1013),
      shape: [5, 1_000_003],
    });
    file.close();
    await use(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "openHdf5() reads attributes of Keras 2 (bytes) and Keras 3 (text) alike",
  ignore,
  fn: () =>
    withFile(async (path) => {
      using file = await openHdf5(path);
      assertEquals(file.attribute("", "bytes"), ["one", "three"]);
      assertEquals(file.attribute("/", "texts"), ["eins", "drei"]);
      assertEquals([file.attribute("/", "text")].flat(), ["Ä"]);
      assertEquals([file.attribute("/", "number")].flat(), [7]);
      assertEquals(file.attribute("/", "none"), undefined);
      assertEquals(file.attribute("/nowhere", "texts"), undefined);
    }),
});

Deno.test({
  name: "Hdf5File.keys(), has() and shape() tell groups from arrays and from what is not there",
  ignore,
  fn: () =>
    withFile(async (path) => {
      using file = await openHdf5(path);
      assertEquals(file.keys(), ["layer"]);
      assertEquals(file.keys("/layer/layer/").toSorted(), ["double", "kernel:0", "large", "whole"]);
      assertEquals(file.keys("nowhere/at/all"), []);
      assertEquals(file.keys("layer/layer/kernel:0"), []);
      assert(file.has("layer/layer/kernel:0"));
      assert(!file.has("layer/kernel:0"));
      assertEquals(file.shape("layer/layer/kernel:0"), [2, 3]);
      assertEquals(file.shape("layer/layer"), undefined);
    }),
});

Deno.test({
  name: "Hdf5File.read() gives every number, in one piece or many, 32 or 64 bits",
  ignore,
  fn: () =>
    withFile(async (path) => {
      using file = await openHdf5(path);
      assertEquals([...file.read("layer/layer/kernel:0")], [0, 0.25, 0.5, 0.75, 1, 1.25]);
      assertEquals([...file.read("layer/layer/double")], [1.5]);
      const large = file.read("layer/layer/large");
      assertEquals(large.length, 5 * 1_000_003);
      assert(large.every((value, i) => value === i % 1013));
    }),
});

Deno.test({
  name: "Hdf5File.read() refuses integers and names an array that is not there",
  ignore,
  fn: () =>
    withFile(async (path) => {
      using file = await openHdf5(path);
      assertThrows(() => file.read("layer/layer/whole"), TypeError, "not floats");
      assertThrows(() => file.read("layer/none"), RangeError, 'no array "layer/none"');
    }),
});

Deno.test({
  name: "openHdf5() says in one sentence what is wrong with a file",
  ignore,
  fn: () =>
    withFile(async (path) => {
      const bytes = await Deno.readFile(path);
      const bad = `${path}.bad`;
      const cases: [Uint8Array, string][] = [
        [bytes.subarray(0, bytes.length >> 1), `is truncated: ${bytes.length >> 1} of `],
        [bytes.subarray(0, 20), "cannot be read"],
        [new Uint8Array(), "is empty"],
        [new TextEncoder().encode("<html>not found</html>"), "is not an HDF5 file"],
      ];
      for (const [content, message] of cases) {
        await Deno.writeFile(bad, content);
        const error = await assertRejects(() => openHdf5(bad), SyntaxError, message);
        assert(!error.message.includes("\n"), error.message);
        assert(error.message.includes(bad), error.message);
      }
      await assertRejects(() => openHdf5(`${path}.none`), Deno.errors.NotFound, "no file");
      using file = await openHdf5(path); // an error before does not matter
      assertEquals(file.keys(), ["layer"]);
    }),
});

Deno.test({
  name: "openHdf5() refuses a heap of texts that the library would read for ever",
  ignore,
  fn: () =>
    withFile(async (path) => {
      const bytes = await Deno.readFile(path);
      const heap = new TextDecoder("latin1").decode(bytes).indexOf("GCOL");
      assert(heap > 0);
      const view = new DataView(bytes.buffer);
      let at = heap + 16; // of an object: index, references, size; index 0 is the free space
      while (view.getUint16(at, true) !== 0) {
        at += 16 + Math.ceil(Number(view.getBigUint64(at + 8, true)) / 8) * 8;
      }
      view.setBigUint64(at + 8, 0n, true);
      await Deno.writeFile(path, bytes);
      await assertRejects(() => openHdf5(path), SyntaxError, "come to no end; get the file again");
      await assertRejects(() => openHdf5Bytes(bytes, "it"), SyntaxError, "it is damaged: reading");
    }),
});
