import { readWordVectors } from "../../lib/interchange/mod.ts";
import { assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write");

async function withFile(
  content: string | Uint8Array,
  work: (path: string) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await (typeof content === "string"
      ? Deno.writeTextFile(path, content)
      : Deno.writeFile(path, content));
    await work(path);
  } finally {
    await Deno.remove(path);
  }
}

const found = async (path: string, words: string[], width: number) => {
  const { vectors, words: count } = await readWordVectors(path, new Set(words), width);
  return { vectors: [...vectors].map(([word, vector]) => [word, ...vector]), count };
};

const texts: Record<string, string> = {
  "GloVe's text": "the 0.5 -1\ndog 2 3e-1\nÄhre 1 1\ncat 4 5\n",
  "no line end at the end": "the 0.5 -1\ndog 2 3e-1\nÄhre 1 1\ncat 4 5",
  "fastText's .vec, which ends lines with a space":
    "4 2\nthe 0.5 -1 \ndog 2 3e-1 \nÄhre 1 1 \ncat 4 5 \n",
  "lines of Windows": "the 0.5 -1\r\ndog 2 3e-1\r\nÄhre 1 1\r\ncat 4 5\r\n",
};

for (const [name, text] of Object.entries(texts)) {
  Deno.test({
    name: `readWordVectors() reads wanted words alone: ${name}`,
    ignore,
    fn: () =>
      withFile(text, async (path) => {
        assertEquals(await found(path, ["dog", "Ähre", "zebra"], 2), {
          vectors: [["dog", 2, Math.fround(0.3)], ["Ähre", 1, 1]],
          count: 4,
        });
      }),
  });
}

Deno.test({
  name:
    "readWordVectors() takes a word's first vector, skips names of several words, and reads on past a piece",
  ignore,
  async fn() {
    const many = Array.from({ length: 20_000 }, (_, i) => `word${i} ${i} ${-i}\n`).join("");
    await withFile(`at 1 2\nat home.org 3 4\nat 5 6\n${many}`, async (path) => {
      assertEquals(await found(path, ["at", "word19999", "word7"], 2), {
        vectors: [["at", 1, 2], ["word7", 7, -7], ["word19999", 19999, -19999]],
        count: 20_003,
      });
    });
  },
});

const wrong: [string, string | Uint8Array, new () => Error, string][] = [
  [
    "vectors of another width",
    "the 1 2 3\n",
    RangeError,
    ":1 has word vectors of 3 numbers, but the decoder's are 2 wide: set --model.embedding=3",
  ],
  ["a header of another width", "9 300\nthe 1 2\n", RangeError, " has word vectors of 300 numbers"],
  ["a line that is cut off", "the 1 2\ndog 1\n", RangeError, ":2 has word vectors of 1 numbers"],
  ["what is no number", "the 1 2\ndog 1 x\n", SyntaxError, ':2: "x" is not a number'],
  ["two spaces", "the 1  2\n", SyntaxError, ':1: "" is not a number'],
  ["words alone", "the\ndog\n", SyntaxError, ':1: "the" is not a number'],
  [
    "a packed file",
    Uint8Array.of(0x1f, 0x8b, 0xff, 0xfe),
    SyntaxError,
    "is not UTF-8 text after line 0",
  ],
];

for (const [name, content, type, message] of wrong) {
  Deno.test({
    name: `readWordVectors() refuses ${name}`,
    ignore,
    fn: () =>
      withFile(content, async (path) => {
        await assertRejects(() => found(path, ["the", "dog"], 2), type, message);
      }),
  });
}
