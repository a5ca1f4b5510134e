import { matchPhotos, type NamedPhotos } from "../../../lib/datasets/mod.ts";
import { photoNameTest } from "../../../lib/datasets/photo_names/match_photos.ts";
import { assertEquals } from "../../assert.ts";

/** What each name stands for: a photo, or `elsewhere a.jpg`, `several a.jpg b.jpg`, … */
function match(names: readonly string[], files: readonly string[], path?: string) {
  const matches = matchPhotos(names, { files, path } as NamedPhotos);
  return names.map((name) => {
    const found = matches.get(name)!;
    const photos = "photos" in found ? found.photos : "photo" in found ? [found.photo] : [];
    return found.kind === "found" ? found.photo : [found.kind, ...photos].join(" ");
  });
}

/** Checks what names stand for in a tree. */
function matchTest(
  name: string,
  files: readonly string[],
  expected: Record<string, string>,
  path?: string,
) {
  Deno.test(`matchPhotos() ${name}`, () => {
    const names = Object.keys(expected);
    assertEquals(match(names, files, path), Object.values(expected));
  });
}

matchTest("takes a path, its end, a bare name and a stem", ["a/1.jpg", "b/c/2.v2.png"], {
  "a/1.jpg": "a/1.jpg",
  "1": "a/1.jpg",
  "b/c/2.v2.png": "b/c/2.v2.png",
  "c/2.v2.png": "b/c/2.v2.png",
  "2.v2": "b/c/2.v2.png",
  "/data/x/b/c/2.v2.png": "b/c/2.v2.png",
  "2": "none",
  "": "none",
  "b": "none",
});

matchTest(
  "gives no photo to a name in another folder",
  ["photos/cats/1.jpg", "photos/cats/2.jpg"],
  {
    "cats/1.jpg": "photos/cats/1.jpg",
    "cats/2.jpg": "photos/cats/2.jpg",
    "dogs/1.jpg": "elsewhere photos/cats/1.jpg",
    "/home/me/dogs/2": "elsewhere photos/cats/2.jpg",
    "dogs/3.jpg": "none",
  },
);

matchTest("nor if all names are in that other folder", ["cats/1.jpg", "cats/2.jpg"], {
  "dogs/1.jpg": "elsewhere cats/1.jpg",
  "dogs/2.jpg": "elsewhere cats/2.jpg",
});

matchTest("tells class folders under another root apart", [
  "photos/cats/1.jpg",
  "photos/dogs/1.jpg",
], {
  "cats/1.jpg": "photos/cats/1.jpg",
  "dogs/1.jpg": "photos/dogs/1.jpg",
});

matchTest("takes paths from another machine by their end", [
  "archive/v2/cats/1.jpg",
  "archive/v2/dogs/1.jpg",
], {
  "C:\\flowers\\cats\\1.jpg": "archive/v2/cats/1.jpg",
  "C:\\flowers\\dogs\\1.jpg": "archive/v2/dogs/1.jpg",
  "C:\\flowers\\cows\\1.jpg": "elsewhere archive/v2/cats/1.jpg archive/v2/dogs/1.jpg",
});

matchTest("takes any folder in a name for photos in one flat folder", ["1.jpg", "2.jpg", "3.jpg"], {
  "images/1.jpg": "1.jpg",
  "/home/me/data/2.jpg": "2.jpg",
  "C:\\x\\3.jpg": "3.jpg",
});

matchTest("knows what folders such as images tell: nothing", ["photos/1.jpg", "photos/2.jpg"], {
  "images/1.jpg": "photos/1.jpg",
  "Flicker8k_Dataset/2.jpg": "photos/2.jpg",
});

matchTest("unless two of them are side by side", ["photos/1.jpg", "images/1.jpg", "images/2.jpg"], {
  "photos/1.jpg": "photos/1.jpg",
  "images/1.jpg": "images/1.jpg",
  "photos/2.jpg": "elsewhere images/2.jpg",
});

matchTest("keeps splits with the same classes apart", ["val/cats/1.jpg", "val/dogs/1.jpg"], {
  "val/cats/1.jpg": "val/cats/1.jpg",
  "train/cats/1.jpg": "elsewhere val/cats/1.jpg",
  "train/dogs/1.jpg": "elsewhere val/dogs/1.jpg",
});

matchTest("uses the photo folder's own name", ["1.jpg", "2.jpg"], {
  "cats/1.jpg": "1.jpg",
  "dogs/2.jpg": "elsewhere 2.jpg",
}, "/data/cats");

matchTest("does not take photos beside class folders for a class", ["1.jpg", "cats/2.jpg"], {
  "cats/2.jpg": "cats/2.jpg",
  "dogs/1.jpg": "elsewhere 1.jpg",
});

matchTest("nor for the class whose folder is there", ["1.jpg", "cats/2.jpg"], {
  "cats/1.jpg": "elsewhere 1.jpg",
});

matchTest("takes a whole path before a bare name, and no bare name of two", [
  "a.jpg",
  "q/a.jpg",
  "q/b.jpg",
  "r/b.jpg",
], {
  "a.jpg": "a.jpg",
  "q/a.jpg": "q/a.jpg",
  "b.jpg": "several q/b.jpg r/b.jpg",
  "b": "several q/b.jpg r/b.jpg",
  "r/b": "r/b.jpg",
});

matchTest("lets no other files make a name ambiguous", [
  "1001.jpg",
  "1001.txt",
  "1001.jpg.npy",
  "x/1001.xml",
  "1002.JPEG",
  "1002.json",
  "plain",
], {
  "1001": "1001.jpg",
  "1002": "1002.JPEG",
  "plain": "plain",
});

matchTest("finds other upper and lower case, the same case first", [
  "A.JPG",
  "cats/b.jpg",
  "c.jpg",
  "C.jpg",
  "Dogs/d.jpg",
  "dogs/d.jpg",
], {
  "a.jpg": "A.JPG",
  "Cats/B.jpg": "cats/b.jpg",
  "c.jpg": "c.jpg",
  "C.jpg": "C.jpg",
  "c": "several c.jpg C.jpg",
  "Dogs/d.jpg": "Dogs/d.jpg",
  "DOGS/d.jpg": "several Dogs/d.jpg dogs/d.jpg",
});

matchTest("finds names as URLs write them, and odd names as they are", [
  "1.jpg",
  "my dog.jpg",
  "50%.jpg",
  "what?.jpg",
  "clip.jpg",
  "a#1.jpg",
], {
  "https://example.org/images/1.jpg?w=300&f=/x/y.png": "1.jpg",
  "my%20dog.jpg": "my dog.jpg",
  "50%.jpg": "50%.jpg",
  "what?.jpg": "what?.jpg",
  "clip#3.jpg": "none",
  "clip.jpg#3": "clip.jpg",
  "a#1.jpg": "a#1.jpg",
  "file:///data/a%231.jpg": "a#1.jpg",
});

matchTest("finds numbers that spreadsheets changed", [
  "000000391895.jpg",
  "17.png",
  "1.0.jpg",
  "8.jpg",
  "08.jpg",
], {
  "391895.0": "000000391895.jpg",
  "017": "17.png",
  "1.0": "1.0.jpg",
  "8": "8.jpg",
  "008": "several 8.jpg 08.jpg",
  "3.91895E+05": "none",
  "1.7": "none",
});

matchTest("finds a photo with another ending, if no other name is its own", [
  "1.png",
  "2.jpeg",
  "3.png",
], {
  "1.jpg": "1.png",
  "2.jpg": "2.jpeg",
  "3.png": "3.png",
  "3.jpg": "shared 3.png",
});

matchTest("knows the numbers of COCO", ["COCO_val2014_000000391895.jpg", "000000000009.jpg"], {
  "391895": "COCO_val2014_000000391895.jpg",
  "COCO_train2014_000000000009.jpg": "000000000009.jpg",
});

matchTest("takes a bare name for none of several, be their folders called photos", [
  "photos/1.jpg",
  "backup/1.jpg",
  "photos/2.jpg",
], {
  "1.jpg": "several photos/1.jpg backup/1.jpg",
  "2.jpg": "photos/2.jpg",
  "photos/1.jpg": "photos/1.jpg",
});

matchTest("leaves out leading dots and meets in NFC", ["caf\u00e9.jpg", "u\u0308/1.jpg"], {
  "./cafe\u0301.jpg": "caf\u00e9.jpg",
  "../u\u0308/1.jpg": "u\u0308/1.jpg",
  "..\\images\\..\\caf\u00e9.jpg": "caf\u00e9.jpg",
});

matchTest("refuses two names of one photo that cannot be one path", ["1.jpg", "2.jpg", "3.jpg"], {
  "cats/1.jpg": "shared 1.jpg",
  "dogs/1.jpg": "shared 1.jpg",
  "2.jpg": "2.jpg",
  "cats/2.jpg": "shared 2.jpg",
  "dogs/2.jpg": "shared 2.jpg",
  "3.jpg": "3.jpg",
  "./3.JPG": "3.jpg",
  "images/3.jpg": "3.jpg",
});

Deno.test("photoNameTest() tells photos' names from other text", () => {
  const isPhoto = photoNameTest({ files: ["a/1.jpg"] });
  assertEquals(["1.jpg", "a/1.jpg", "1", "b/1.jpg", "A dog", "2.jpg"].map(isPhoto), [
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});
