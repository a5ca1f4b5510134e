import { comparePhotos } from "../../lib/run/mod.ts";
import { assertEquals, assertThrows } from "../assert.ts";

const photo = (photo: string, caption: string, score?: number) => ({
  photo,
  caption,
  logProbability: -1,
  words: [],
  alternatives: [],
  references: [`people of ${photo}`],
  ...score === undefined ? {} : { scores: { "cider-d": score } },
});

Deno.test("comparePhotos() puts captions and scores of the photos that all runs have side by side", () => {
  const a = { name: "a", photos: [photo("2", "a2", 2), photo("1", "a1", 1), photo("3", "a3", 3)] };
  const b = { name: "b", photos: [photo("1", "b1", 4), photo("2", "b2", 5)] };
  assertEquals(comparePhotos([a, b], "cider-d"), [
    { photo: "2", references: ["people of 2"], captions: ["a2", "b2"], scores: [2, 5] },
    { photo: "1", references: ["people of 1"], captions: ["a1", "b1"], scores: [1, 4] },
  ]);
});

Deno.test("comparePhotos() names runs without a common photo, and one without scores of captions", () => {
  const a = { name: "a", photos: [photo("1", "a1", 1)] };
  const b = { name: "b", photos: [photo("2", "b2", 1)] };
  const old = { name: "old", photos: [photo("1", "x")] };
  assertThrows(
    () => comparePhotos([a, b], "cider-d"),
    RangeError,
    "a and b have no evaluated photo in common",
  );
  assertThrows(
    () => comparePhotos([a, old], "cider-d"),
    RangeError,
    "The captions of old have no cider-d of their own: evaluate it again",
  );
});
