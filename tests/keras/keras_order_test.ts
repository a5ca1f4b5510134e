import { kerasOrder } from "../../lib/keras/mod.ts";
import { assertEquals } from "../assert.ts";

const layer = (name: string, ...inputs: string[]) => ({ name, inputs });

Deno.test("kerasOrder() takes the longest way to the output as a layer's distance", () => {
  const layers = [
    layer("image"),
    layer("words"),
    layer("embedding", "words"),
    layer("lstm", "embedding"),
    layer("dense", "image"),
    layer("add", "dense", "lstm"),
    layer("output", "add"),
  ];
  const order = ["words", "image", "embedding", "dense", "lstm", "add", "output"];
  for (const given of [layers, layers.toReversed()]) {
    assertEquals(kerasOrder(given, "output").map(({ name }) => name), order);
  }
});
