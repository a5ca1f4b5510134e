import { type Hdf5Groups, namedArrays, numberedArrays, weightLayout } from "../../lib/keras/mod.ts";
import { assertEquals } from "../assert.ts";

/** A file of arrays of one number, by path, with attributes by `path@name`. */
function file(arrays: string[], attributes: Record<string, string[]> = {}): Hdf5Groups {
  const below = (group: string) => arrays.filter((path) => path.startsWith(`${group}/`));
  return {
    keys: (group) => [
      ...new Set(below(group).map((path) => path.slice(group.length + 1).split("/")[0])),
    ],
    has: (path) => arrays.includes(path) || below(path).length > 0,
    attribute: (path, name) => attributes[`${path}@${name}`],
    shape: (path) => arrays.includes(path) ? [1] : undefined,
  };
}

Deno.test("weightLayout() knows Keras 2's lists of names, cut in pieces too", () => {
  const whole = { "@layer_names": ["a", "b"] };
  const pieces = { "@layer_names0": ["a"], "@layer_names1": ["b"] };
  for (const names of [whole, pieces]) {
    const layout = weightLayout(file([], names));
    assertEquals(layout, { style: "legacy", root: "", layers: ["a", "b"] });
  }
  const model = file(["model_weights/a/a/kernel:0"], {
    "model_weights@layer_names": ["a"],
    "model_weights/a@weight_names": ["a/kernel:0", "a/bias:0"],
  });
  assertEquals(weightLayout(model), { style: "legacy", root: "model_weights", layers: ["a"] });
  assertEquals(namedArrays(model, "model_weights/a"), [
    { name: "a/kernel:0", path: "model_weights/a/a/kernel:0", shape: [1] },
    { name: "a/bias:0", path: "model_weights/a/a/bias:0", shape: undefined },
  ]);
});

Deno.test("weightLayout() knows Keras 3's numbered arrays, in the order of their numbers", () => {
  for (const root of ["layers", "_layer_checkpoint_dependencies"]) {
    const numbers = Array.from({ length: 11 }, (_, i) => `${root}/dense/vars/${10 - i}`);
    const arrays = [...numbers, `${root}/lstm/cell/vars/0`];
    assertEquals(weightLayout(file(arrays)), { style: "numbered", root });
    assertEquals(
      numberedArrays(file(arrays), `${root}/dense`).map(({ path }) => path),
      numbers.toReversed(),
    );
    assertEquals(numberedArrays(file(arrays), `${root}/lstm`), []);
    assertEquals(numberedArrays(file(arrays), `${root}/lstm`, "LSTM").length, 1);
  }
  assertEquals(weightLayout(file(["a/b"])), undefined);
});
