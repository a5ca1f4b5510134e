import { matchEntries } from "../../lib/stages/match_entries.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

/** Photos by their names; of two names with one digest after `=`, both are the same photo. */
const photos = (...names: string[]) =>
  names.map((name) => {
    const [photo, digest = photo] = name.split("=");
    return { photo, digest, path: `/d/${photo}` };
  });

const match = (names: string[], ...there: string[]) =>
  matchEntries({ path: "f.pkl", names }, photos(...there));

Deno.test("matchEntries() gives photos of a class no entries of another", () => {
  const { positions, reasons, remarks } = match(
    ["cats/1.jpg", "cats/2.jpg"],
    "cats/1.jpg",
    "dogs/1.jpg",
    "cats/2.jpg",
  );
  assertEquals([...positions], [["cats/1.jpg", 0], ["cats/2.jpg", 1]]);
  assertEquals(reasons, [{ photo: "/d/dogs/1.jpg", reason: "has no entry in f.pkl" }]);
  assertEquals(remarks, []);
});

Deno.test("matchEntries() lets no entry serve two photos, and says so", () => {
  const { positions, reasons, remarks } = match(
    ["1", "2"],
    "cats/1.jpg",
    "dogs/1.jpg",
    "dogs/2.jpg",
  );
  assertEquals([...positions], [["dogs/2.jpg", 1]]);
  assertEquals(reasons.map(({ photo }) => photo), ["/d/cats/1.jpg", "/d/dogs/1.jpg"]);
  assert(reasons[0].reason.startsWith('could be that of "1" in f.pkl'), reasons[0].reason);
  assertEquals(remarks.length, 1);
  assert(remarks[0].includes('"1" for cats/1.jpg, dogs/1.jpg'), remarks[0]);
});

Deno.test("matchEntries() of bare names alone is refused with photos that one could be", () => {
  const error = assertThrows(
    () => match(["1.jpg", "2.jpg"], "cats/1.jpg", "dogs/1.jpg", "cats/2.jpg", "dogs/2.jpg"),
    Error,
    '"1.jpg" for cats/1.jpg, dogs/1.jpg',
  );
  assert(error.message.includes("f.pkl: 2 names"), error.message);
  assertThrows(() => match(["other"], "a.jpg"), Error, "None of the 1 photos");
});

Deno.test("matchEntries() takes the closest entry of a photo, none of two that are equally close", () => {
  const { positions, reasons, remarks } = match(
    ["1.jpg", "cats/1.jpg", "2.jpg", "2.png", "./3.jpg", "3.jpg"],
    "cats/1.jpg",
    "cats/2.gif",
    "cats/3.jpg",
  );
  assertEquals([...positions], [["cats/1.jpg", 1]]);
  assertEquals(
    reasons.map(({ reason }) => reason),
    Array(2).fill("has several entries in f.pkl"),
  );
  assert(remarks.some((line) => line.includes("photos with several names")), remarks.join());
});

Deno.test("matchEntries() takes a photo under two names for one", () => {
  const { positions, reasons } = match(
    ["1", "b/2"],
    "a/1.jpg=x",
    "b/1.jpg=x",
    "a/2.jpg=y",
    "b/2.jpg=y",
  );
  assertEquals([...positions], [["x", 0], ["y", 1]]);
  assertEquals(reasons, []);
});
