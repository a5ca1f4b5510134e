import {
  fitTokenizer,
  KerasTokenizer,
  textSettings,
  tokenizerFromKeras,
  tokenizerToKeras,
} from "../../lib/text/mod.ts";
import { assertEquals, assertThrows } from "../assert.ts";
import keras from "./keras_tokenizer.json" with { type: "json" };

const options = { plain: {}, oov: { oovToken: "<unk>", numWords: 6 } };

for (const kind of ["plain", "oov"] as const) {
  const { texts, json, sequences, decoded } = keras[kind];

  Deno.test(`KerasTokenizer.fromJson() and toJson() give Keras' bytes back (${kind})`, () => {
    assertEquals(KerasTokenizer.fromJson(json).toJson(), json);
  });

  Deno.test(`KerasTokenizer.fitOnTexts() equals Keras (${kind})`, () => {
    const fitted = new KerasTokenizer(options[kind]);
    fitted.fitOnTexts(texts);
    const real = KerasTokenizer.fromJson(json);
    assertEquals([...fitted.wordCounts], [...real.wordCounts]);
    assertEquals([...fitted.wordIndex], [...real.wordIndex]);
    // Keras lists these in the order of a Python set, which changes from run to run.
    assertEquals([...fitted.wordDocs].sort(), [...real.wordDocs].sort());
    fitted.wordDocs.clear();
    real.wordDocs.clear();
    assertEquals(fitted.toJson(), real.toJson());
  });

  Deno.test(`KerasTokenizer: sequences and texts equal Keras' (${kind})`, () => {
    const tokenizer = KerasTokenizer.fromJson(json);
    assertEquals(tokenizer.textsToSequences([...texts, "a zebra runs"]), sequences);
    assertEquals(tokenizer.sequencesToTexts([[1, 2, 3, 9, 0, 99]]), decoded);
  });
}

Deno.test("KerasTokenizer.words() by Keras' filters, split and lower", () => {
  assertEquals(new KerasTokenizer().words("A t-shirt\tdon't\n[É]"), [
    "a",
    "t",
    "shirt",
    "don't",
    "é",
  ]);
  const other = new KerasTokenizer({ filters: "x", lower: false, split: "|" });
  assertEquals(other.words("A|bxC d||"), ["A", "b", "C d"]);
  assertThrows(() => new KerasTokenizer({ split: "" }), RangeError, "split");
});

Deno.test("KerasTokenizer.fromJson() refuses what Keras did not write", () => {
  const change = (changed: object) => {
    const { config } = JSON.parse(keras.plain.json);
    return () => KerasTokenizer.fromJson(JSON.stringify({ config: { ...config, ...changed } }));
  };
  assertThrows(() => KerasTokenizer.fromJson("x"), SyntaxError, "not JSON");
  assertThrows(() => KerasTokenizer.fromJson("null"), SyntaxError, "Keras tokenizer");
  assertThrows(() => KerasTokenizer.fromJson("{}"), SyntaxError, "char_level");
  assertThrows(change({ char_level: true }), RangeError, "char_level");
  assertThrows(change({ word_index: "[1]" }), SyntaxError, "JSON object");
  assertThrows(change({ word_index: '{"a": 1 "b": 2}' }), SyntaxError, "character");
  assertThrows(change({ word_index: '{"a": 1.5}' }), SyntaxError, "is not an integer");
});

const settings = textSettings.parse({
  cleaning: "flickr8k_callbacks",
  unknownWords: "drop",
  markers: { start: "start", end: "end", asWords: true },
});
const captions = ["A dog runs, a dog jumps!", "Zwei Hunde", "2 cats"];

Deno.test("fitTokenizer() with a system's rules gives Keras' indices", () => {
  const real = new KerasTokenizer();
  real.fitOnTexts(captions.map((caption) => `<start> ${caption} <end>`));
  const tokenizer = fitTokenizer(captions, settings);
  assertEquals(tokenizer.words.slice(1).map(({ word }) => word), [...real.wordIndex.keys()]);
  assertEquals(
    captions.map((caption) => [...tokenizer.encode(caption)]),
    real.textsToSequences(captions.map((caption) => `<start> ${caption} <end>`)),
  );
});

Deno.test("tokenizerFromKeras() of tokenizerToKeras() has the same indices", () => {
  for (const text of [settings, textSettings.parse({ minCount: 2 })]) {
    const tokenizer = fitTokenizer(captions, text);
    const json = tokenizerToKeras(tokenizer);
    const again = tokenizerFromKeras(json, text);
    for (const caption of [...captions, "a zebra"]) {
      assertEquals(again.encode(caption), tokenizer.encode(caption));
      // Keras itself, given cleaned words between markers:
      const { start, end } = text.markers;
      const line = [start, ...tokenizer.clean(caption), end].join(" ");
      assertEquals(KerasTokenizer.fromJson(json).textsToSequences([line]), [[
        ...tokenizer.encode(caption),
      ]]);
    }
  }
});

Deno.test("tokenizerFromKeras() takes the unknown word and num_words from the file", () => {
  const real = new KerasTokenizer({ oovToken: "<unk>", numWords: 6 });
  real.fitOnTexts(captions.map((caption) => `start ${caption} end`));
  const tokenizer = tokenizerFromKeras(real.toJson(), settings);
  assertEquals(tokenizer.vocabularySize, 6);
  assertEquals(tokenizer.unknown, 1);
  assertEquals(
    [...tokenizer.encode("a dog jumps")],
    real.textsToSequences(["start a dog jumps end"])[0],
  );
});

Deno.test("tokenizerFromKeras() refuses a file without the markers", () => {
  assertThrows(() => tokenizerFromKeras(keras.plain.json, settings), RangeError, '"start"');
});
