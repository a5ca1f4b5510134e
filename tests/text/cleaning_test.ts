import fc from "fast-check";
import {
  cleaner,
  type CleaningPreset,
  cleaningPresets,
  type CleaningStepName,
  cleaningSteps,
  textSettings,
} from "../../lib/text/mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

const dog = "\u{1F415}";

const examples: Record<CleaningStepName, [caption: string, cleaned: string][]> = {
  lowercase: [["A Dog ÄÖÜ ẞ Σ", "a dog äöü ß σ"]],
  lowercaseTurkish: [["İki Işık IĞDIR Ağaç", "iki ışık ığdır ağaç"]],
  nfc: [["u\u0308ber cafe\u0301", "über café"]],
  deleteApostrophes: [["don't dog’s rock ‘n’ roll", "dont dogs rock n roll"]],
  deletePunctuation: [["a t-shirt, dog's!", "a tshirt dogs"], [
    `50% §${dog} «ü»`,
    `50 §${dog} «ü»`,
  ]],
  segmentWords: [
    ["一只棕色的狗在草地上奔跑", " 一只 棕色 的 狗 在 草地 上 奔跑 "],
    ["Ein Mädchen läuft, t-shirt 2nd", "Ein Mädchen läuft, t-shirt 2nd"],
    ["穿着T恤", " 穿着 T 恤 "],
  ],
  signsToSpaces: [
    ["t-shirt,red.", "t shirt red"],
    ["Straßen\u00adbahn", "Straßenbahn"],
    [`${dog} zwei Straßen ❤️ 2nd\u00a0x`, "zwei Straßen 2nd x"],
    ["हिन्दी 東京 \u{20000}", "हिन्दी 東京 \u{20000}"], // vowel signs stay; one letter outside the BMP
  ],
  kerasFilters: [["t-shirt\tdog's (red)", "t shirt dog's  red "]],
  commasToSpaces: [["a,b, c", "a b  c"]],
  hyphensToSpaces: [["t-shirt – x", "t shirt – x"]],
  deleteAllButAToZ: [["t-shirt süß 2 dogs", "tshirt s  dogs"]],
  deleteAllButLetters: [["t-shirt süß 2 dogs\n", "tshirt süß  dogs\n"]],
  dropOneCharacterWords: [[`a dog . ${dog} I \u{20000} ä it`, "dog it"], ["  a  ", ""]],
  dropWordsWithSigns: [["a dog. runs 2nd süß t-shirt", "a runs süß"]],
};

for (const [name, pairs] of Object.entries(examples)) {
  Deno.test(`cleaningSteps.${name} alone`, () => {
    for (const [caption, cleaned] of pairs) {
      assertEquals(cleaningSteps[name as CleaningStepName](caption), cleaned);
    }
  });
}

Deno.test("cleaningSteps: each has an example", () => {
  assertEquals(Object.keys(examples).sort(), Object.keys(cleaningSteps).sort());
});

const caption = `A dog's T-shirt, "RED" – 2 pre-war Dogs (zwei\tsüße ${dog}).`;

const chains: Record<CleaningPreset, string> = {
  default: "a dogs t shirt red 2 pre war dogs zwei süße",
  turkish: "a dogs t shirt red 2 pre war dogs zwei süße",
  open_images_200k: "dogs tshirt red prewar dogs zwei se",
  flickr8k_callbacks: `a dogs tshirt red – 2 prewar dogs zwei süße ${dog}`,
  flickr8k_split90: `dog's t shirt red pre war dogs zwei süße ${dog}`,
  flickr8k_bilstm: "dogs tshirt red prewar dogs zwei süße",
  flickr8k_xception: "pre war dogs süße",
};

for (const [name, words] of Object.entries(chains)) {
  Deno.test(`cleaner("${name}") runs its steps in a chain`, () => {
    assertEquals(cleaner(name as CleaningPreset)(caption).join(" "), words);
  });
}

Deno.test("cleaner() takes steps in the order given, and none at all", () => {
  assertEquals(cleaner(["hyphensToSpaces", "deletePunctuation"])("t-shirt."), ["t", "shirt"]);
  assertEquals(cleaner(["deletePunctuation", "hyphensToSpaces"])("t-shirt."), ["tshirt"]);
  assertEquals(cleaner([])(" A  dog. "), ["A", "dog."]);
});

Deno.test("cleaner() refuses unknown names, listing the known", () => {
  assertThrows(() => cleaner("flickr" as "default"), RangeError, "flickr8k_bilstm");
  assertThrows(() => cleaner(["lower"] as unknown as ["nfc"]), RangeError, "lowercase");
  assertThrows(() => cleaner("toString" as "default"), RangeError, "toString");
});

Deno.test('cleaner("default") of its own words changes nothing, dictionaries aside', () => {
  const clean = cleaner("default");
  // A dictionary may see another word in a piece of text than in the whole.
  const unspaced =
    /\p{scx=Thai}|\p{scx=Lao}|\p{scx=Khmer}|\p{scx=Myanmar}|\p{scx=Han}|\p{scx=Kana}|\p{scx=Hira}/gu;
  fc.assert(fc.property(fc.string({ unit: "binary" }), (binary) => {
    const text = binary.replace(unspaced, "");
    const words = clean(text);
    assertEquals(clean(words.join(" ")), words);
  }));
});

Deno.test("cleaner() makes no word of a default marker, by any preset or with any sign removed", () => {
  const { start, end, unknown, padding } = textSettings.parse({}).markers;
  const markers = [start, end, unknown, padding];
  // "<" and ">" stand in every marker and in no word of any preset.
  assert(markers.every((marker) => /^<.+>$/.test(marker)));
  const pieces = fc.constantFrom(
    ...markers,
    "<",
    ">",
    "start",
    "end",
    "'",
    "-",
    ",",
    " ",
    "a",
    "ü",
  );
  for (const name of Object.keys(cleaningPresets) as CleaningPreset[]) {
    const clean = cleaner(name);
    fc.assert(fc.property(fc.array(pieces), fc.string({ unit: "grapheme" }), (list, text) => {
      for (const word of [...clean(list.join("")), ...clean(text)]) {
        assert(!/[<>]/.test(word), `${name}: ${word}`);
      }
    }));
  }
});
