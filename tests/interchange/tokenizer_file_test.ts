import { Buffer } from "node:buffer";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";
import { findMarkers, importTokenizer, sameTokenizer } from "../../lib/interchange/mod.ts";
import type { PickleValue } from "../../lib/python/mod.ts";
import { readTokenizerFile } from "../../lib/interchange/tokenizer_file.ts";
import {
  fitTokenizer,
  KerasTokenizer,
  type KerasTokenizerOptions,
  textSettings,
  tokenizerToJson,
  tokenizerToKeras,
} from "../../lib/text/mod.ts";
import { failure, withFile } from "./temp_file.ts";
import { writePickle } from "../python/write_pickle.ts";

const ignore = !granted("read", "write");

function test(name: string, fn: () => Promise<void> | void) {
  Deno.test({ name, fn, ignore });
}

/** Python's pickle.dumps of a Tokenizer with the counts start 2, dog 2, end 2, a 1. */
const pickles: Record<string, string> = {
  "keras_preprocessing.text, protocol 0":
    "Y2NvcHlfcmVnCl9yZWNvbnN0cnVjdG9yCnAwCihja2VyYXNfcHJlcHJvY2Vzc2luZy50ZXh0ClRva2VuaXplcgpwMQpjX19idWlsdGluX18Kb2JqZWN0CnAyCk50cDMKUnA0CihkcDUKVndvcmRfY291bnRzCnA2CmNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApwNwoodFJwOApWc3RhcnQKcDkKSTIKc1Zkb2cKcDEwCkkyCnNWZW5kCnAxMQpJMgpzVmEKcDEyCkkxCnNzVndvcmRfZG9jcwpwMTMKY2NvbGxlY3Rpb25zCmRlZmF1bHRkaWN0CnAxNAooY19fYnVpbHRpbl9fCmxvbmcKcDE1CnRwMTYKUnAxNwpnOQpJMgpzZzEwCkkyCnNnMTEKSTIKc2cxMgpJMQpzc1ZmaWx0ZXJzCnAxOApWISIjJCUmKCkqKywtLi86Ozw9Pj9AW1x1MDA1Y11eX2B7fH1+CVx1MDAwYQpwMTkKc1ZzcGxpdApwMjAKViAKcDIxCnNWbG93ZXIKcDIyCkkwMQpzVm51bV93b3JkcwpwMjMKTnNWZG9jdW1lbnRfY291bnQKcDI0CkkyCnNWY2hhcl9sZXZlbApwMjUKSTAwCnNWb292X3Rva2VuCnAyNgpOc1Z3b3JkX2luZGV4CnAyNwooZHAyOApnOQpJMQpzZzEwCkkyCnNnMTEKSTMKc2cxMgpJNApzc2Iu",
  "keras.preprocessing.text, protocol 2":
    "gAJja2VyYXMucHJlcHJvY2Vzc2luZy50ZXh0ClRva2VuaXplcgpxACmBcQF9cQIoWAsAAAB3b3JkX2NvdW50c3EDY2NvbGxlY3Rpb25zCk9yZGVyZWREaWN0CnEEKVJxBShYBQAAAHN0YXJ0cQZLAlgDAAAAZG9ncQdLAlgDAAAAZW5kcQhLAlgBAAAAYXEJSwF1WAkAAAB3b3JkX2RvY3NxCmNjb2xsZWN0aW9ucwpkZWZhdWx0ZGljdApxC2NfX2J1aWx0aW5fXwpsb25nCnEMhXENUnEOKGgGSwJoB0sCaAhLAmgJSwF1WAcAAABmaWx0ZXJzcQ9YIQAAACEiIyQlJigpKissLS4vOjs8PT4/QFtcXV5fYHt8fX4JCnEQWAUAAABzcGxpdHERWAEAAAAgcRJYBQAAAGxvd2VycROIWAkAAABudW1fd29yZHNxFE5YDgAAAGRvY3VtZW50X2NvdW50cRVLAlgKAAAAY2hhcl9sZXZlbHEWiVgJAAAAb292X3Rva2VucRdOWAoAAAB3b3JkX2luZGV4cRh9cRkoaAZLAWgHSwJoCEsDaAlLBHV1Yi4=",
  "tensorflow.python.keras.preprocessing.text, protocol 4":
    "gASVewEAAAAAAACMKnRlbnNvcmZsb3cucHl0aG9uLmtlcmFzLnByZXByb2Nlc3NpbmcudGV4dJSMCVRva2VuaXplcpSTlCmBlH2UKIwLd29yZF9jb3VudHOUjAtjb2xsZWN0aW9uc5SMC09yZGVyZWREaWN0lJOUKVKUKIwFc3RhcnSUSwKMA2RvZ5RLAowDZW5klEsCjAFhlEsBdYwJd29yZF9kb2NzlGgGjAtkZWZhdWx0ZGljdJSTlIwIYnVpbHRpbnOUjANpbnSUk5SFlFKUKGgKSwJoC0sCaAxLAmgNSwF1jAdmaWx0ZXJzlIwhISIjJCUmKCkqKywtLi86Ozw9Pj9AW1xdXl9ge3x9fgkKlIwFc3BsaXSUjAEglIwFbG93ZXKUiIwJbnVtX3dvcmRzlE6MDmRvY3VtZW50X2NvdW50lEsCjApjaGFyX2xldmVslImMCW9vdl90b2tlbpROjAp3b3JkX2luZGV4lH2UKGgKSwFoC0sCaAxLA2gNSwR1dWIu",
};

/** The same, fitted here. */
function fitted(options: KerasTokenizerOptions = {}, texts = ["start dog end", "start a dog end"]) {
  const tokenizer = new KerasTokenizer(options);
  tokenizer.fitOnTexts(texts);
  return tokenizer;
}

for (const [name, pickle] of Object.entries(pickles)) {
  test(`readTokenizerFile() reads a pickle of ${name}`, async () => {
    await withFile(new Uint8Array(Buffer.from(pickle, "base64")), (path) => {
      const { format, keras } = readTokenizerFile(path);
      assertEquals(format, "pickle");
      assertEquals(keras.toJson(), fitted().toJson());
    });
  });
}

test("readTokenizerFile() knows every module that the class has been in", async () => {
  const modules = [
    "keras_preprocessing.text",
    "keras.preprocessing.text",
    "keras.src.preprocessing.text",
    "keras.src.legacy.preprocessing.text",
    "tf_keras.src.preprocessing.text",
    "tensorflow.python.keras.preprocessing.text",
  ];
  for (const module of modules) {
    const pickle = `c${module}\nTokenizer\n)R(dS'word_index'\n(dS'start'\nI1\nsS'end'\nI2\nssb.`;
    await withFile(pickle, (path) => {
      assertEquals([...readTokenizerFile(path).keras.wordIndex], [["start", 1], ["end", 2]]);
    });
  }
});

test("readTokenizerFile() reads Keras' JSON, also when quoted twice", async () => {
  const json = fitted({ numWords: 4, oovToken: "<unk>" }).toJson();
  for (const text of [json, JSON.stringify(json)]) {
    await withFile(text, (path) => {
      const { format, keras } = readTokenizerFile(path);
      assertEquals(format, "Keras JSON");
      assertEquals(keras.toJson(), json);
    });
  }
});

test("readTokenizerFile() reads Showtell's tokenizer.json unchanged", async () => {
  const own = fitTokenizer(["A dog runs", "A cat"], textSettings.parse({}));
  await withFile(tokenizerToJson(own), (path) => {
    const file = readTokenizerFile(path);
    assertEquals(file.format, "Showtell");
    assertEquals([...file.keras.wordIndex.keys()], own.words.slice(1).map(({ word }) => word));
    const { tokenizer, notes } = importTokenizer(file);
    assertEquals(tokenizerToJson(tokenizer), tokenizerToJson(own));
    assertEquals(notes, []);
  });
});

test("readTokenizerFile() says what is wrong", async () => {
  const state = (state: string) =>
    failure(`ckeras.preprocessing.text\nTokenizer\n)R(d${state}b.`, readTokenizerFile);
  assertEquals(
    await state(""),
    "FILE: the tokenizer has no words: it was not fitted: save it after fit_on_texts",
  );
  assertEquals(
    await state("S'char_level'\nI01\ns"),
    "FILE: a Keras tokenizer of characters (char_level) cannot be used for words",
  );
  assertEquals(
    await state("S'word_index'\n(dS'start'\nS'1'\nss"),
    "FILE: the tokenizer's word_index has a string → a string, not a word → a whole number: save the fitted tokenizer again",
  );
  assertEquals(
    await state("S'lower'\nI5\ns"),
    "FILE: the tokenizer's lower is 5, not boolean: save the fitted tokenizer again",
  );
  assertEquals(
    await failure("(dS'dog'\n(lsS'cat'\n(ls.", readTokenizerFile),
    "FILE holds a dict, not a Keras Tokenizer",
  );
  for (const other of ["{}", "[1, 2]"]) {
    assertEquals(
      await failure(other, readTokenizerFile),
      "FILE: not a tokenizer: the JSON is neither Keras' to_json(), nor a dictionary of words and " +
        "indices, nor Showtell's tokenizer.json; give one of these",
    );
  }
  assertEquals(
    await failure(`{"modelTopology": {}}`, readTokenizerFile),
    "FILE: not a tokenizer: it is a TF.js model; give the Keras file that it was converted from",
  );
  assert((await failure(`{"config"`, readTokenizerFile)).startsWith("FILE is not JSON ("));
  assertEquals(
    await failure("cposix\nsystem\n(S'touch harm'\ntR.", readTokenizerFile),
    "FILE needs posix.system, which is not among the types of a Keras tokenizer or features file; " +
      "nothing was executed",
  );
  const pickle = Buffer.from(pickles["keras.preprocessing.text, protocol 2"], "base64");
  assertEquals(
    await failure(pickle.subarray(0, 200), readTokenizerFile),
    "FILE is truncated: it ends at byte 200, in the middle of its data; get it again",
  );
});

const file = (keras: KerasTokenizer) => ({ path: "FILE", format: "pickle" as const, keras });

Deno.test("importTokenizer() keeps Keras' indices and finds the markers", () => {
  const keras = fitted();
  const { tokenizer, notes } = importTokenizer(file(keras));
  const [sequence] = keras.textsToSequences(["start A dog, unknown! end"]);
  assertEquals([...tokenizer.encode("A dog, unknown!")], sequence);
  assertEquals(tokenizer.vocabularySize, keras.wordIndex.size + 1);
  assertEquals(tokenizer.unknown, undefined);
  assertEquals(notes.length, 1);
  assert(notes[0].includes("cleaned by lowercase, kerasFilters;"), notes[0]);
});

Deno.test("importTokenizer() cleans by the requested preset, and says so", () => {
  const { tokenizer, notes } = importTokenizer(file(fitted()), { cleaning: "flickr8k_split90" });
  assertEquals([...tokenizer.clean("A dog!")], ["dog"]); // one-character words are dropped
  assertEquals(notes, ["Captions are cleaned by flickr8k_split90, as asked"]);
});

Deno.test("importTokenizer() marks unknown words where the file has an oov_token, plain or not", () => {
  for (const oovToken of ["<unk>", "unk"]) {
    const keras = fitted({ oovToken });
    const { tokenizer } = importTokenizer(file(keras));
    assertEquals(tokenizer.unknown, 1);
    const [sequence] = keras.textsToSequences(["start a zebra end"]);
    assertEquals([...tokenizer.encode("a zebra")], sequence);
  }
});

Deno.test("importTokenizer() of a tokenizer without filters keeps markers apart from words", () => {
  for (const oovToken of ["<unk>", "unk", null]) {
    const keras = fitted({ filters: "", oovToken }, ["<start> a dog <end>"]);
    const { tokenizer } = importTokenizer(file(keras));
    const [sequence] = keras.textsToSequences(["<start> a <padding> dog <end>"]);
    assertEquals([...tokenizer.encode("A <padding> dog")], sequence);
  }
});

/** A Keras tokenizer as it stands in JSON, with an index of one's own. */
function withIndex(index: Record<string, number>, options: KerasTokenizerOptions = {}) {
  const keras = new KerasTokenizer({ filters: "", lower: false, ...options });
  keras.wordIndex = new Map(Object.entries(index));
  return keras;
}

Deno.test("importTokenizer() takes what stands at index 0 for the padding, but no word", () => {
  const index = { "<unk>": 1, "<start>": 2, "<end>": 3, a: 4, dog: 5, "<pad>": 0 };
  const { tokenizer } = importTokenizer(file(withIndex(index, { oovToken: "<unk>" })));
  assertEquals(tokenizer.words[0].word, "<pad>");
  assertEquals(tokenizer.vocabularySize, 6);
  assertEquals([...tokenizer.encode("A dog, a cat!")], [2, 4, 5, 4, 1, 3]);
  const other = withIndex({ startseq: 0, endseq: 1, a: 2 });
  const error = assertThrows(() => importTokenizer(file(other)), RangeError);
  assert(error.message.startsWith('FILE: index 0 is "startseq", a word,'), error.message);
});

Deno.test("importTokenizer() keeps indices that have no word, if there are few", () => {
  const index = { "<start>": 2, "<end>": 3, a: 4, "<unk>": 5 }; // as after index["<unk>"] = top_k + 1
  const { tokenizer, notes } = importTokenizer(file(withIndex(index, { oovToken: "<unk>" })));
  assertEquals([...tokenizer.encode("a cat")], [2, 4, 5, 3]);
  assertEquals(tokenizer.words[1].word, "<index-1>");
  assert(notes.some((note) => note.startsWith("Index 1 of FILE has no word")), notes.join("\n"));
  const damaged = withIndex({ startseq: 1, endseq: 2, a: 50 });
  const error = assertThrows(() => importTokenizer(file(damaged)), RangeError);
  assert(error.message.includes("of the indices 1 to 50 47 have no word"), error.message);
});

Deno.test("importTokenizer() of our own export cleans captions as before", () => {
  const own = fitTokenizer(["A dog's ball!", "two dogs"], textSettings.parse({}));
  const exported = KerasTokenizer.fromJson(tokenizerToKeras(own));
  const { tokenizer, notes } = importTokenizer(file(exported));
  for (const caption of ["A dog's ball.", "Two cats", ""]) {
    assertEquals([...tokenizer.encode(caption)], [...own.encode(caption)]);
  }
  assert(notes[0].includes("as its words show, they are cleaned by default;"), notes[0]);
});

Deno.test("importTokenizer() sees in words that split at spaces how they were cleaned", () => {
  const cleaning = (words: string) => {
    const index = ["startseq", "endseq", ...words.split(" ")].map((word, i) => [word, i + 1]);
    return importTokenizer(file(withIndex(Object.fromEntries(index)))).tokenizer.settings.cleaning;
  };
  assertEquals(cleaning("a dog runs"), "default");
  assertEquals(cleaning("a dog's ball"), ["lowercase", "kerasFilters"]);
  assertEquals(cleaning("a t-shirt"), ["lowercase"]);
  assertEquals(cleaning("A Dog ."), []);
  const long = Array.from({ length: 30 }, (_, i) => `w${i}`).join(" ");
  assertEquals((cleaning(long) as string[]).at(-1), "dropOneCharacterWords");
});

Deno.test("importTokenizer() takes the markers that are asked for", () => {
  const keras = withIndex({ go: 1, halt: 2, a: 3 });
  const { tokenizer } = importTokenizer(file(keras), { markers: { start: "go", end: "halt" } });
  assertEquals([...tokenizer.encode("a")], [1, 3, 2]);
  const error = assertThrows(
    () => importTokenizer(file(keras), { markers: { start: "go", end: "hallt" } }),
    RangeError,
  );
  assertEquals(
    error.message,
    'FILE: --text.markers.end is "hallt", which is not among its 3 words; "halt" is',
  );
  const none = assertThrows(() => importTokenizer(file(keras)), RangeError);
  assert(none.message.includes("--text.markers.start= and --text.markers.end="), none.message);
  const own = fitTokenizer(["a"], textSettings.parse({}));
  assertThrows(
    () => importTokenizer({ ...file(keras), own }, { markers: { start: "go" } }),
    RangeError,
    "tells the cleaning and the markers itself",
  );
});

Deno.test("importTokenizer() says where the file has filters that cleaning does not know", () => {
  const { notes } = importTokenizer(file(fitted({ filters: "!.", lower: false })));
  assert(notes[0].includes(`cleaned by kerasFilters, though its filters are "!." and`), notes[0]);
});

Deno.test("findMarkers() takes the least ambiguous pair, and says when there is none", () => {
  const markers = (text: string, options?: KerasTokenizerOptions) => {
    const { start, end } = findMarkers(fitted(options, [text]), "FILE");
    return [start, end];
  };
  assertEquals(markers("startseq the start of the end endseq"), ["startseq", "endseq"]);
  assertEquals(markers("<start> the start of the end <end>", { filters: "" }), [
    "<start>",
    "<end>",
  ]);
  assertEquals(markers("start the dog end"), ["start", "end"]);
  assertEquals(markers("ssss the dog eeee"), ["ssss", "eeee"]);
  assertEquals(markers("<go> the dog <stop>", { filters: "" }), ["<go>", "<stop>"]);
  let message = "";
  try {
    markers("a dog two");
  } catch (error) {
    message = (error as Error).message;
  }
  assert(
    message.startsWith(
      "FILE: none of the pairs of words that begin and end captions is among its 3 words: startseq",
    ),
    message,
  );
});

Deno.test("findMarkers() of unknown markers takes the two words that every caption holds once", () => {
  const keras = fitted({}, ["alpha a dog a ball omega", "alpha two dogs omega", "alpha a omega"]);
  const { start, end, note } = findMarkers(keras, "FILE");
  assertEquals([start, end], ["alpha", "omega"]);
  assert(note!.includes("each of the 3 captions that it was fitted on holds both once"), note);
  // "start" and "end" are words of some captions here.
  const both = fitted({}, ["alpha the start omega", "alpha the end omega", "alpha dog omega"]);
  assertEquals(findMarkers(both, "FILE").start, "alpha");
  const several = fitted({}, ["alpha a omega", "alpha a omega"]);
  const error = assertThrows(() => findMarkers(several, "FILE"), RangeError);
  assert(error.message.endsWith("from alpha, a, omega, which every caption holds"), error.message);
});

const dictionary = { startseq: 1, endseq: 2, a: 3, "2": 4 };
const inverse = { "1": "startseq", "2": "endseq", "3": "a", "4": "2" };
const asMap = (pairs: object, key: (key: string) => PickleValue = (key) => key) =>
  new Map(Object.entries(pairs).map(([name, value]) => [key(name), value as PickleValue]));
const bytesOf = (text: string) => new TextEncoder().encode(text);

const dictionaries: Record<string, string | Uint8Array> = {
  "a pickle of word → index": writePickle(asMap(dictionary), 4),
  "a pickle of index → word": writePickle(asMap(inverse, Number), 2),
  "a pickle of both": writePickle([asMap(dictionary), asMap(inverse, Number)], 3),
  "a pickle of a dict of both": writePickle(
    new Map<PickleValue, PickleValue>([["w", asMap(dictionary)], ["i", asMap(inverse, Number)]]),
    4,
  ),
  "a pickle with bytes as keys": writePickle(asMap(dictionary, bytesOf), 4),
  "JSON of word → index": JSON.stringify(dictionary),
  "JSON of index → word": JSON.stringify(inverse),
  "JSON quoted twice": JSON.stringify(JSON.stringify(dictionary)),
};

for (const [name, content] of Object.entries(dictionaries)) {
  test(`readTokenizerFile() reads a word dictionary: ${name}`, async () => {
    await withFile(content, (path) => {
      const { format, keras } = readTokenizerFile(path);
      assertEquals(format, "dictionary");
      assertEquals([...keras.wordIndex], [["startseq", 1], ["endseq", 2], ["a", 3], ["2", 4]]);
      const { tokenizer, notes } = importTokenizer({ path, format, keras });
      assertEquals([...tokenizer.encode("A 2!")], [1, 3, 4, 2]);
      assert(notes[0].startsWith("A dictionary does not say how captions were cleaned;"), notes[0]);
    });
  });
}

test("readTokenizerFile() of a list of words needs the padding's name first", async () => {
  const list = (first: string) => JSON.stringify([first, "[UNK]", "startseq", "endseq"]);
  for (const first of ["", "<pad>", "[PAD]"]) {
    await withFile(list(first), (path) => {
      const { tokenizer } = importTokenizer(readTokenizerFile(path));
      assertEquals([...tokenizer.encode("zebra")], [2, 1, 3]);
    });
  }
  const message = await failure(list("a"), readTokenizerFile);
  assert(message.startsWith('FILE is a list of words that begins with "a", not with the'), message);
});

test("readTokenizerFile() refuses what is no dictionary of words", async () => {
  const cases: [object, string][] = [
    [{ a: 5, dog: 5 }, 'FILE has "a" and "dog" both at 5: it counts words, or is damaged;'],
    [{ "1": "a", "2": "a" }, 'FILE has the word "a" at 1 and at 2:'],
    [
      [{ a: 1, b: 2 }, { "1": "b", "2": "a" }],
      'FILE has two dictionaries, in which "a" is 1 and 2',
    ],
  ];
  for (const [json, expected] of cases) {
    const message = await failure(JSON.stringify(json), readTokenizerFile);
    assert(message.startsWith(expected), message);
  }
});

test("readTokenizerFile() refuses JSON that is not UTF-8", async () => {
  const latin1 = Uint8Array.from('{"h\xe4uschen": 1}', (letter) => letter.charCodeAt(0));
  const message = await failure(latin1, readTokenizerFile);
  assert(message.startsWith("FILE is not UTF-8: byte 3 in line 1 is 0xe4"), message);
});

Deno.test("sameTokenizer() is one of files that hold the same words, and says where others differ", () => {
  const one = { path: "A", format: "dictionary" as const, keras: withIndex({ a: 1, b: 2 }) };
  const two = { path: "B", format: "pickle" as const, keras: withIndex({ b: 2, a: 1 }) };
  assertEquals(sameTokenizer([one, two]), two);
  const error = assertThrows(
    () => sameTokenizer([one, { ...two, keras: withIndex({ a: 1, c: 2 }) }]),
    RangeError,
  );
  assert(
    error.message.startsWith('A and B are different tokenizers: "b" is at 2 in one and missing'),
  );
});
