import { featuresInValue } from "../../../lib/interchange/feature_files/features_in_value.ts";
import { openFeaturesFile } from "../../../lib/interchange/mod.ts";
import {
  NumpyArray,
  NumpyDtype,
  PickleTuple,
  type PickleValue,
  StoredBytes,
} from "../../../lib/python/mod.ts";
import { makeHdf5 } from "../../../lib/storage/mod.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { failure, withFile } from "../temp_file.ts";

const ignore = !granted("read", "write");

function arrayOf(numbers: number[], shape: number[]): NumpyArray {
  const bytes = new Uint8Array(Float32Array.from(numbers).buffer);
  const stored = new StoredBytes(bytes.length, bytes.length, () => bytes.slice());
  return new NumpyArray("FILE", new NumpyDtype("f", 4, true), shape, false, stored);
}

const dict = (entries: Record<string, PickleValue>) =>
  new Map<PickleValue, PickleValue>(Object.entries(entries));
const [one, two] = [arrayOf([0.5, 1, 2], [3]), arrayOf([3, 4, 5.5], [3])];
const both = dict({ "1.jpg": one, "2.jpg": two });
const matrix = arrayOf([0.5, 1, 2, 3, 4, 5.5], [2, 3]);
const names = ["1.jpg", "2.jpg"];
const origin = { path: "FILE", format: "pickle" as const, close: () => {} };

const values: Record<string, PickleValue> = {
  "arrays with sides of 1 before them": dict({
    "1.jpg": arrayOf([0.5, 1, 2], [1, 1, 1, 3]),
    "2.jpg": two,
  }),
  "lists of numbers, alone and in another list": dict({
    "1.jpg": [0.5, 1, 2],
    "2.jpg": [[3, 4, 5.5]],
  }),
  "lists that hold an array": dict({ "1.jpg": [one], "2.jpg": [two] }),
  "a dict for each split": dict({
    train: dict({ "1.jpg": one }),
    test: dict({ "2.jpg": two }),
  }),
  "dicts that were dumped one after the other": new PickleTuple([
    dict({ "1.jpg": one }),
    dict({ "2.jpg": two }),
  ]),
  "a dict beside its width": dict({ features: both, width: 3 }),
  "pairs of name and array": [new PickleTuple(["1.jpg", one]), new PickleTuple(["2.jpg", two])],
  "a matrix and names": new PickleTuple([matrix, names]),
  "a dict of a matrix and names": dict({ features: matrix, filenames: names }),
};

for (const [name, value] of Object.entries(values)) {
  Deno.test(`featuresInValue() reads ${name}`, async () => {
    using file = featuresInValue(value, origin);
    const found: [string, number[]][] = [];
    for await (const { name, feature } of file.entries()) found.push([name, [...feature]]);
    assertEquals(found, [["1.jpg", [0.5, 1, 2]], ["2.jpg", [3, 4, 5.5]]]);
    assertEquals(file.featureShape, [3]);
  });
}

Deno.test("featuresInValue() does not take captions or matrices without names for features", () => {
  const refused: [PickleValue, string][] = [
    [dict({ "1.jpg": [4, 7, 2], "2.jpg": [4, 9, 2] }), "FILE: its entry 1.jpg is a list, not an"],
    [dict({ "1.jpg": one, "2.jpg": null }), "FILE: its entry 2.jpg is None, not an array"],
    [[one, two], "FILE holds a list of numbers without photos' names, not a dict of"],
    [matrix, "FILE holds an array of numbers without photos' names, not a dict of"],
    [new PickleTuple([both, both]), "FILE has features of 1.jpg twice"],
    [34, "FILE holds 34, not a dict of photo name → array"],
  ];
  for (const [value, start] of refused) {
    const { message } = assertThrows(() => featuresInValue(value, origin), SyntaxError);
    assert(message.startsWith(start), message);
  }
});

Deno.test({
  name: "openFeaturesFile() of HDF5 takes matrices only with the list of their rows' names",
  ignore,
  fn: async () => {
    const data = Float32Array.of(0.5, 1, 2, 3, 4, 5.5);
    const named = await makeHdf5((root) => {
      root.create_dataset({ name: "features", data, shape: [2, 3] });
      root.create_dataset({ name: "files", data: names, shape: [2], dtype: "S5" });
      root.create_dataset({ name: "labels", data: Int32Array.of(0, 1), shape: [2] });
    });
    await withFile(named, async (path) => {
      using file = await openFeaturesFile(path);
      assertEquals([file.names, file.featureShape], [names, [3]]);
    });
    for (const [first, second] of [["train", "test"], ["x_train", "x_val"]]) {
      const unnamed = await makeHdf5((root) => {
        for (const name of [first, second]) root.create_dataset({ name, data, shape: [2, 3] });
      });
      const message = await failure(unnamed, openFeaturesFile);
      assert(message.startsWith("FILE has 2 arrays, the first of 2 rows, "), message);
    }
  },
});
