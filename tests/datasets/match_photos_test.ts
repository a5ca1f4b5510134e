import { assertEquals } from "../assert.ts";
import { matchPhotos } from "../../lib/datasets/mod.ts";

Deno.test("matchPhotos() matches by path, by name, with and without extension", () => {
  const entryOf = matchPhotos(["1_a", "Images/2.JPG", "b/3.png", "4.5", "c\\6.jpg"]);
  assertEquals(entryOf("1_a.jpg"), 0);
  assertEquals(entryOf("deep/1_a.jpeg"), 0);
  assertEquals(entryOf("2.JPG"), 1);
  assertEquals(entryOf("other/2.webp"), 1);
  assertEquals(entryOf("b/3.png"), 2);
  assertEquals(entryOf("4.5.jpg"), 3);
  assertEquals(entryOf("4.jpg"), undefined); // .5 is not an extension of photos
  assertEquals(entryOf("c/6.jpg"), 4);
  assertEquals(entryOf("7.jpg"), undefined);
});

Deno.test("matchPhotos() tells an ambiguous name, and takes a whole path for what it says", () => {
  const entryOf = matchPhotos(["a/1.jpg", "b/1.jpg", "2.jpg", "2.png"]);
  assertEquals(entryOf("a/1.jpg"), 0);
  assertEquals(entryOf("b/1.jpg"), 1);
  assertEquals(entryOf("c/1.jpg"), "ambiguous");
  assertEquals(entryOf("2.png"), 3);
  assertEquals(entryOf("2.gif"), "ambiguous");
});
