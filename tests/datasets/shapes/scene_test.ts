import fc from "fast-check";
import { colours, randomScenes, shapes } from "../../../lib/datasets/mod.ts";
import { randomScene } from "../../../lib/datasets/shapes/scene.ts";
import { Random } from "../../../lib/random/mod.ts";
import { assert, assertEquals } from "../../assert.ts";

Deno.test("randomScene() gives scenes that can be: arrangement, size and second object agree", () => {
  fc.assert(fc.property(fc.nat(), (seed) => {
    const scene = randomScene(new Random(seed));
    const several = scene.count > 1;
    assertEquals(scene.place === "row" || scene.place === "column", several);
    if (several) assertEquals([scene.size, scene.second], ["small", null]);
    if (scene.second !== null) {
      assertEquals([scene.size, scene.count], ["large", 1]);
      assert(scene.second.shape !== scene.shape && scene.second.colour !== scene.colour);
      assert(scene.place !== "centre");
    }
  }));
});

Deno.test("randomScene() depends on the random numbers alone", () => {
  assertEquals(randomScene(new Random(7, "a")), randomScene(new Random(7, "a")));
  assert(randomScene(new Random(7, "a")).seed !== randomScene(new Random(7, "b")).seed);
});

Deno.test("randomScenes() holds each shape in each colour equally often, within one", () => {
  const counts = new Map<string, number>();
  for (const { shape, colour } of randomScenes(90, new Random(1))) {
    counts.set(`${colour} ${shape}`, (counts.get(`${colour} ${shape}`) ?? 0) + 1);
  }
  assertEquals(counts.size, shapes.length * colours.length);
  assert([...counts.values()].every((count) => count === 2 || count === 3));
});
