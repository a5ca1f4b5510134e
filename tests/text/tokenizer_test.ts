import fc from "fast-check";
import {
  fitTokenizer,
  KerasTokenizer,
  textSettings,
  Tokenizer,
  tokenizerFromJson,
  tokenizerToJson,
} from "../../lib/text/mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

const captions = ["A dog runs.", "The dog sleeps!", "A cat", "a Straße"];

Deno.test("fitTokenizer() puts markers first, then words by frequency, ties by first appearance", () => {
  const tokenizer = fitTokenizer(captions, textSettings.parse({}));
  assertEquals(tokenizer.words.map(({ word }) => word), [
    "<padding>",
    "<unknown>",
    "<start>",
    "<end>",
    "a",
    "dog",
    "runs",
    "the",
    "sleeps",
    "cat",
    "straße",
  ]);
  assertEquals(tokenizer.words[5], { word: "dog", count: 2, captions: 2 });
  assertEquals(tokenizer.markerIndices, [0, 2, 3, 1]);
  assertEquals(tokenizer.measure(), { vocabulary: 11, longest: 5, pairs: 4 + 4 + 3 + 3 });
});

Deno.test("fitTokenizer() with minCount leaves rare words to the unknown one, or out", () => {
  const marked = fitTokenizer(captions, textSettings.parse({ minCount: 2 }));
  assertEquals(marked.words.slice(4).map(({ word }) => word), ["a", "dog"]);
  assertEquals(marked.fitted.rare, { words: 5, occurrences: 5 });
  assertEquals([...marked.encode("A cat runs, a dog")], [2, 4, 1, 1, 4, 5, 3]);
  assertEquals(marked.words[1], { word: "<unknown>", count: 5, captions: 4 });
  const dropped = fitTokenizer(captions, textSettings.parse({ minCount: 2, unknownWords: "drop" }));
  assertEquals(dropped.unknown, undefined);
  assertEquals([...dropped.encode("A cat runs, a dog")], [1, 3, 3, 4, 2]);
  assertEquals(dropped.measure(), dropped.measure(captions));
});

Deno.test("fitTokenizer() with markers as words counts them among words, as Keras notebooks do", () => {
  const tokenizer = fitTokenizer(
    ["the end", "dogs"],
    textSettings.parse({
      unknownWords: "drop",
      markers: { start: "start", end: "end", asWords: true },
    }),
  );
  // "end" occurs three times: it ends two captions and is a word of one.
  assertEquals(tokenizer.words.slice(1).map(({ word, count }) => [word, count]), [
    ["end", 3],
    ["start", 2],
    ["the", 1],
    ["dogs", 1],
  ]);
  assertEquals(tokenizer.words[1].captions, 2);
  assertEquals(tokenizer.measure(), { vocabulary: 5, longest: 4, pairs: 3 + 2 });
  assertEquals([...tokenizer.encode("the dogs")], [2, 3, 4, 1]);
});

Deno.test("fitTokenizer() of very many captions counts as of few, and reads them once", () => {
  // Rare words in captions of unlike lengths, more of both than fit at first.
  function* many() {
    for (let i = 0; i < 2000; i++) yield `${"dog ".repeat(i % 7)} cat number${i % 3 ? i : 0}`;
  }
  for (const unknownWords of ["mark", "drop"]) {
    const settings = textSettings.parse({ minCount: 2, unknownWords });
    const tokenizer = fitTokenizer(many(), settings);
    const rare = Array.from({ length: 2000 }, (_, i) => i % 3).filter((rest) => rest > 0).length;
    assertEquals(tokenizer.fitted.rare, { words: rare, occurrences: rare });
    assertEquals(tokenizer.words.slice(-3), [
      { word: "dog", count: 5995, captions: 1714 },
      { word: "cat", count: 2000, captions: 2000 },
      { word: "number0", count: 2000 - rare, captions: 2000 - rare },
    ]);
    assertEquals(tokenizer.measure(), tokenizer.measure(many()));
  }
});

Deno.test("Tokenizer.decode() leaves out padding and markers and refuses other indices", () => {
  const tokenizer = fitTokenizer(captions, textSettings.parse({}));
  assertEquals(tokenizer.decode([2, 4, 1, 5, 3, 0, 0]), ["a", "dog"]);
  for (const index of [11, -1, 1.5]) {
    assertThrows(() => tokenizer.decode([index]), RangeError, `Index ${index}`);
  }
});

Deno.test("Tokenizer.decode() of encode() gives the cleaned words of fitted captions back", () => {
  const word = fc.string({ unit: "grapheme", maxLength: 6 });
  const caption = fc.array(word, { maxLength: 8 }).map((words) => words.join(" "));
  fc.assert(fc.property(fc.array(caption, { minLength: 1, maxLength: 6 }), (list) => {
    const tokenizer = fitTokenizer(list, textSettings.parse({}));
    for (const text of list) {
      assertEquals(tokenizer.decode(tokenizer.encode(text)), tokenizer.clean(text));
    }
    assertEquals(tokenizer.measure(list), tokenizer.measure());
  }));
});

Deno.test("fitTokenizer() knows words named as JavaScript's own properties", () => {
  const tokenizer = fitTokenizer(["constructor 2 1"], textSettings.parse({ minCount: 1 }));
  assertEquals(tokenizer.decode(tokenizer.encode("constructor valueof 1")), ["constructor", "1"]);
  const keras = new KerasTokenizer({ filters: "" });
  keras.fitOnTexts(["__proto__ constructor 2 1 1"]);
  assertEquals([...keras.wordIndex.keys()], ["1", "__proto__", "constructor", "2"]);
  assertEquals(KerasTokenizer.fromJson(keras.toJson()).wordIndex, keras.wordIndex);
});

Deno.test("fitTokenizer() minds the unknown marker only where unknown words are marked", () => {
  const markers = { unknown: "dog" };
  fitTokenizer(["a dog"], textSettings.parse({ markers, unknownWords: "drop" }));
  assertThrows(
    () => fitTokenizer(["a dog"], textSettings.parse({ markers })),
    RangeError,
    '"dog" could be',
  );
});

Deno.test("fitTokenizer() refuses markers that a caption's word could be", () => {
  const fit = (settings: unknown) => () => fitTokenizer(["a dog"], textSettings.parse(settings));
  assertThrows(fit({ markers: { end: "end" } }), RangeError, 'end marker "end" could be');
  assertThrows(fit({ cleaning: ["lowercase"] }), RangeError, '"<start>" could be');
  assertThrows(fit({ markers: { end: "<start>" } }), RangeError, "start and end are both");
  const sameAsWords = { asWords: true, start: "start", end: "end", unknown: "dog" };
  assertThrows(fit({ markers: sameAsWords }), RangeError, '"dog" could be');
  fit({ markers: { asWords: true, start: "start", end: "end" } })();
});

Deno.test("fitTokenizer() refuses no captions", () => {
  assertThrows(() => fitTokenizer([], textSettings.parse({})), RangeError, "No captions");
});

Deno.test("tokenizerToJson() gives equal bytes for equal tokenizers and is read back whole", () => {
  for (const settings of [{}, { minCount: 2, cleaning: ["lowercase", "signsToSpaces"] }]) {
    const tokenizer = fitTokenizer(captions, textSettings.parse(settings));
    const json = tokenizerToJson(tokenizer);
    const again = tokenizerFromJson(json);
    assertEquals(tokenizerToJson(again), json);
    assertEquals(again.words, tokenizer.words);
    assertEquals(again.measure(), tokenizer.measure());
    assertEquals(again.encode("A dog flies"), tokenizer.encode("A dog flies"));
    JSON.parse(json);
    // Settings in another order are the same settings.
    const { cleaning, ...rest } = tokenizer.settings;
    const reordered = fitTokenizer(captions, { ...rest, cleaning });
    assertEquals(tokenizerToJson(reordered), json);
  }
});

Deno.test("tokenizerFromJson() refuses what is not a tokenizer, and says what is wrong and where", () => {
  const json = JSON.parse(tokenizerToJson(fitTokenizer(captions, textSettings.parse({}))));
  const read = (change: object) => () => tokenizerFromJson(JSON.stringify({ ...json, ...change }));
  assertThrows(() => tokenizerFromJson("{"), SyntaxError, "not JSON");
  assertThrows(() => tokenizerFromJson("[]"), SyntaxError, "the file");
  assertThrows(read({ version: 2 }), SyntaxError, "version");
  assertThrows(read({ words: [["a", 1, "x"]] }), SyntaxError, "words.0.2");
  assertThrows(read({ words: json.words.slice(1) }), RangeError, "<unknown>");
  assertThrows(read({ words: [...json.words, ["dog", 1, 1]] }), RangeError, "twice");
});

Deno.test("textSettings: unknown keys and wrong values are refused, defaults are whole", () => {
  for (
    const wrong of [{ minCounts: 1 }, { minCount: 0 }, { cleaning: "x" }, {
      markers: { start: "a b" },
    }]
  ) {
    assert(!textSettings.safeParse(wrong).success, JSON.stringify(wrong));
  }
  assertEquals(textSettings.parse({}), {
    cleaning: "default",
    minCount: 1,
    fitOn: "train",
    unknownWords: "mark",
    markers: {
      start: "<start>",
      end: "<end>",
      unknown: "<unknown>",
      padding: "<padding>",
      asWords: false,
    },
  });
});

Deno.test("Tokenizer refuses a vocabulary that lacks a marker", () => {
  const { settings, fitted, words } = fitTokenizer(captions, textSettings.parse({}));
  const without = words.slice(1).filter(({ word }) => word !== "<end>");
  assertThrows(() => new Tokenizer({ ...fitted, settings, words: without }), RangeError, "<end>");
});
