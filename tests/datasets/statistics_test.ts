import { captionLengths } from "../../lib/datasets/mod.ts";
import { assertEquals } from "../assert.ts";

Deno.test("captionLengths() counts words as white space divides them", () => {
  const captions = ["A dog .", "", "  one  "].map((caption) => ({
    photo: "0.jpg",
    digest: "d0",
    split: "train" as const,
    caption,
  }));
  assertEquals(captionLengths(captions), [3, 0, 1]);
});
