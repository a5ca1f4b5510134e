import fc from "fast-check";
import { splitByRatio, splitOf, splitSettings, unknownSplit } from "../../lib/datasets/splits.ts";
import { assert, assertEquals } from "../assert.ts";

const photos = (count: number) => Array.from({ length: count }, (_, index) => `${index}.jpg`);

Deno.test("splitByRatio() splits 8,091 photos in file order as the published systems do", () => {
  const splits = [...splitByRatio(photos(8091), { train: 0.9, dev: 0, test: 0.1, order: "file" })];
  assertEquals(splits.filter(([, split]) => split === "train").length, 7281);
  assertEquals(splits.filter(([, split]) => split === "test").length, 810);
  assertEquals(splits[7280], ["7280.jpg", "train"]);
  assertEquals(splits[7281], ["7281.jpg", "test"]);
});

Deno.test("splitByRatio() puts every photo into one split; its order is the seed's", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (count, seed) => {
    const ratio = { train: 0.8, dev: 0.1, test: 0.1, order: "shuffled", seed } as const;
    const splits = splitByRatio(photos(count), ratio);
    assertEquals(splits.size, count);
    assertEquals(splits, splitByRatio(photos(count), ratio));
    assert([...splits.values()].every((split) => split !== ""));
  }));
});

Deno.test("splitByRatio() leaves photos over when shares add up to less than 1", () => {
  const ratio = { train: 0.5, dev: 0.1, test: 0.1, order: "file" } as const;
  const splits = [...splitByRatio(photos(10), ratio).values()];
  assertEquals(splits.map((split) => split[0] ?? "-").join(""), "tttttdt---");
});

Deno.test("splitSettings refuses shares above 1 in sum and unknown words", () => {
  const allows = (value: unknown) => splitSettings("lists").safeParse(value).success;
  assertEquals(
    [{ train: 0.8, dev: 0.1, test: 0.1 }, { train: 0.9, dev: 0.2 }, "lists", "list"].map(allows),
    [true, false, true, false],
  );
});

Deno.test("splitOf() knows the usual words in any case, with years, numbers or `set` behind", () => {
  const words =
    "train TRN Training train2014 train_1 restval tr|val valid eval dev devel va val2017 " +
    "Validation|test tst te Testing test2017";
  const splits = words.split("|").map((list) => [...new Set(list.split(" ").map(splitOf))]);
  assertEquals(splits, [["train"], ["dev"], ["test"]]);
  assertEquals([splitOf("Training set"), splitOf("test-split")], ["train", "test"]);
  assertEquals(
    ["week", "0", "", "constructor", "testval", "set"].map(splitOf),
    Array(6).fill(undefined),
  );
  assertEquals(unknownSplit(" week "), 'unknown split "week", not train, val (dev) or test');
});
