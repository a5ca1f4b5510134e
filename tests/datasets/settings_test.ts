import { datasetSettings } from "../../lib/datasets/mod.ts";
import { assertEquals, assertThrows } from "../assert.ts";

Deno.test("datasetSettings defaults to shapes, and refuses unknown kinds and keys by name", () => {
  assertEquals(datasetSettings.parse(undefined).kind, "shapes");
  assertThrows(() => datasetSettings.parse({ kind: "cocoa" }), Error, "'flickr8k'");
  assertThrows(() => datasetSettings.parse({ kind: "shapes", sourse: "x" }), Error, "sourse");
  assertThrows(() => datasetSettings.parse({ kind: "shapes", train: 3 }), Error, "40");
});
