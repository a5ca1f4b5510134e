import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { importTokenizer, recogniseFile } from "../../lib/interchange/mod.ts";
import { MemoryBytes, PickleTuple, type PickleValue, readPickle } from "../../lib/python/mod.ts";
import { tokenizerInValue } from "../../lib/interchange/tokenizer_in_value.ts";
import { KerasTokenizer } from "../../lib/text/mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";
import { failure, withFile } from "./temp_file.ts";
import { writePickle } from "../python/write_pickle.ts";

const ignore = !granted("read", "write");

const WORDS = ["startseq", "endseq", "a", "dog", "runs", "on", "grass"];
const words = new Map<PickleValue, PickleValue>(WORDS.map((word, i) => [word, i + 1]));
const indices = new Map<PickleValue, PickleValue>(WORDS.map((word, i) => [i + 1, word]));
const expected = WORDS.map((word, i) => [word, i + 1]);
const bytes = (text: string) => new TextEncoder().encode(text);

/** A pickle of Keras' Tokenizer with these words. */
const tokenizer = "ckeras.preprocessing.text\nTokenizer\n)R(dS'word_index'\n(d" +
  WORDS.map((word, i) => `S'${word}'\nI${i + 1}\ns`).join("") + "sb";
const object = readPickle(new MemoryBytes("FILE", bytes(`${tokenizer}.`)));
const fitted = new KerasTokenizer({ numWords: 5 });
fitted.fitOnTexts([WORDS.join(" ")]);

/** Words that a padding's name stands before are numbered from 0 on. */
const withoutPadding = (index: ReadonlyMap<string, number>) => [...index].filter(([, i]) => i > 0);

const values: Record<string, PickleValue> = {
  "a tokenizer with the longest caption": new PickleTuple([object, 34]),
  "a tokenizer in a dict": new Map<PickleValue, PickleValue>([["tokenizer", object], ["n", 8]]),
  "a tokenizer beside its dictionary": [object, words],
  "to_json() as a text": fitted.toJson(),
  "get_config()": new Map<PickleValue, PickleValue>(
    Object.entries(JSON.parse(fitted.toJson()).config),
  ),
  "tokenizer.__dict__": new Map<PickleValue, PickleValue>([
    ["word_counts", new Map<PickleValue, PickleValue>([["a", 3], ["dog", 3]])],
    ["num_words", null],
    ["word_index", words],
  ]),
  "indices as texts": new Map([...words].map(([word, index]) => [word, String(index)])),
  "words as bytes": new Map([...indices].map(([index, word]) => [index, bytes(String(word))])),
  "a list that begins with None": [null, ...WORDS],
  "a list of bytes": ["", ...WORDS].map(bytes),
};

for (const [name, value] of Object.entries(values)) {
  Deno.test(`tokenizerInValue() reads ${name}`, () => {
    const found = tokenizerInValue(value, "FILE")!;
    assertEquals(withoutPadding(found.keras.wordIndex), expected as never);
  });
}

Deno.test("tokenizerInValue() keeps num_words of attributes, as it limits the words", () => {
  const config = values["get_config()"];
  assertEquals(tokenizerInValue(config, "FILE")!.keras.numWords, 5);
});

Deno.test("tokenizerInValue() reads the words of a TextVectorization, with and without its own two", () => {
  const config = new Map<PickleValue, PickleValue>([["output_mode", "int"], ["vocabulary", null]]);
  const all = ["", "[UNK]", ...WORDS];
  const stored: [string, PickleValue][] = [
    ["weights", [WORDS.map(bytes)]],
    ["vocabulary", all],
    ["vocab", all],
  ];
  for (const [key, value] of stored) {
    const whole = new Map<PickleValue, PickleValue>([["config", config], [key, value]]);
    const { format, keras } = tokenizerInValue(whole, "FILE")!;
    assertEquals(format, "vocabulary");
    assertEquals([keras.oovToken, keras.wordIndex.get("[UNK]")], ["[UNK]", 1]);
    assertEquals(keras.wordIndex.get("startseq"), 2, key);
  }
  const empty = new Map([...config, ["vocabulary_size", 9]] as [PickleValue, PickleValue][]);
  const { message } = assertThrows(() => tokenizerInValue(empty, "FILE"), SyntaxError);
  assert(message.includes("without its words: save them in Python by"), message);
});

Deno.test("tokenizerInValue() says what a value is that looks like words", () => {
  const refused: [PickleValue, string][] = [
    [[object, object], "FILE holds 2 tokenizers: save the one"],
    [["startseq a dog endseq", "startseq a cat endseq"], 'FILE holds captions ("startseq a dog'],
    [new Map([["1.jpg", 1], ["2.jpg", 2]]), 'FILE holds photos ("1.jpg"), not words'],
    [new Map([["a", 1], ["dog", -1]]), 'FILE has the word "dog" at -1, which is no index'],
    [["", "a", "a"], 'FILE has the word "a" at 1 and at 2'],
  ];
  for (const [value, start] of refused) {
    const { message } = assertThrows(() => tokenizerInValue(value, "FILE"), SyntaxError);
    assert(message.startsWith(start), message);
  }
  assertEquals(tokenizerInValue(new Map([["acc", [0.5, 0.75]]]), "FILE"), undefined);
});

Deno.test("importTokenizer() finds usual markers though a file counts captions but no words in them", () => {
  const value = new Map<PickleValue, PickleValue>([["word_index", words], ["document_count", 10]]);
  const found = tokenizerInValue(value, "FILE")!;
  const { markers } = importTokenizer({ path: "FILE", ...found }).tokenizer.settings;
  assertEquals([markers.start, markers.end], ["startseq", "endseq"]);
});

const files: Record<string, string | Uint8Array> = {
  "several pickles in a file": Buffer.concat([writePickle(words, 4), writePickle(34, 4)]),
  "both dictionaries, one pickle after the other": Buffer.concat([
    writePickle(words, 2),
    writePickle(indices, 2),
  ]),
  "a pickle that gzip compressed": gzipSync(writePickle(words, 4)),
  "a word a line": ["<pad>", ...WORDS].join("\n") + "\n",
  "a word a line of a TextVectorization": ["", ...WORDS].join("\n"),
  "a word and its index a line": WORDS.map((word, i) => `${word}\t${i + 1}`).join("\r\n"),
  "a table of words and indices": `word,index\n${
    WORDS.map((word, i) => `${word},${i + 1}`).join("\n")
  }`,
};

for (const [name, content] of Object.entries(files)) {
  Deno.test({
    name: `recogniseFile() reads ${name}`,
    ignore,
    fn: () =>
      withFile(content, async (path) => {
        const file = await recogniseFile(path);
        assert(file.kind === "tokenizer");
        assertEquals(withoutPadding(file.tokenizer.keras.wordIndex), expected as never);
      }),
  });
}

Deno.test({
  name: "recogniseFile() says of other texts what they are and what to do",
  ignore,
  fn: async () => {
    const texts: [string, string][] = [
      [`{'a': 1, 'dog': 2}`, "FILE is a dictionary that Python printed, not JSON: make JSON of it"],
      [WORDS.join("\n"), 'FILE is a list of words that begins with "startseq", not with the'],
      ["1.jpg\n2.jpg\n3.jpg\n4.jpg\n5.jpg\n", 'FILE holds photos ("1.jpg"), not words'],
      [
        "one caption\na second one\n",
        "FILE is not a file of a Keras project but a text that begins",
      ],
    ];
    for (const [text, start] of texts) {
      const message = await failure(text, recogniseFile);
      assert(message.startsWith(start), message);
    }
  },
});
