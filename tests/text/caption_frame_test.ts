import { findFrames, withoutFrame } from "../../lib/text/mod.ts";
import { assertEquals } from "../assert.ts";

const PLAIN = [
  "a dog runs on the grass .",
  "two cats sit",
  "the start of a race at the end of the road",
  "A man in red.",
  "girls play",
  "people <3 [sic] stop at the end",
];

const framed = (start: string, end: string, between = " ") =>
  PLAIN.map((caption) => `${start}${between}${caption}${between}${end}`.trim());

const PAIRS = [
  ["startseq", "endseq"],
  ["<start>", "<end>"],
  ["<s>", "</s>"],
  ["<bos>", "<eos>"],
  ["[CLS]", "[SEP]"],
  ["<|startoftext|>", "<|endoftext|>"],
  ["<|endoftext|>", "<|endoftext|>"],
  ["{start}", "{end}"],
  ["__start__", "__end__"],
  ["##START##", "##END##"],
  ["start", "end"],
  ["BOS", "EOS"],
  ["xxbos", "xxeos"],
  ["ssss", "eeee"],
  ["seq_start", "seq_end"],
  ["begin", "stop"],
  ["début", "fin"],
];

for (const [start, end] of PAIRS) {
  Deno.test(`findFrames() finds ${start} … ${end}, and without it captions are as before`, () => {
    const captions = framed(start, end);
    assertEquals(findFrames(captions), {
      captions: PLAIN.length,
      frames: [{ start, end, captions: PLAIN.length }],
    });
    assertEquals(captions.map((caption) => withoutFrame(caption, { start, end })), PLAIN);
  });
}

Deno.test("findFrames() finds markers in brackets that stand close to their words", () => {
  for (const [start, end] of PAIRS.filter(([start]) => /^[<[{]/.test(start))) {
    const captions = framed(start, end, "");
    assertEquals(findFrames(captions).frames, [{ start, end, captions: PLAIN.length }]);
    assertEquals(captions.map((caption) => withoutFrame(caption, { start, end })), PLAIN);
  }
});

Deno.test("findFrames() finds a marker at one end, and a frame in a frame", () => {
  const six = { captions: PLAIN.length };
  assertEquals(findFrames(framed("", "<eos>")).frames, [{ start: "", end: "<eos>", ...six }]);
  assertEquals(findFrames(framed("<s>", "")).frames, [{ start: "<s>", end: "", ...six }]);
  assertEquals(findFrames(framed("<s> startseq", "endseq </s>")).frames, [
    { start: "<s>", end: "</s>", ...six },
    { start: "startseq", end: "endseq", ...six },
  ]);
});

Deno.test("findFrames() of nearly all captions leaves the others as they are", () => {
  const captions = [...framed("startseq", "endseq"), ...framed("startseq", "endseq"), "a cat", ""];
  const { frames: [frame], captions: all } = findFrames(captions);
  assertEquals([frame.captions, all], [12, 13]);
  assertEquals(withoutFrame("a cat", frame), "a cat");
  assertEquals(withoutFrame("startseq a cat", frame), "a cat"); // cut off
  assertEquals(withoutFrame("startseq endseq", frame), "");
});

Deno.test("findFrames() takes no words and no punctuation for markers", () => {
  const repeat = (start: string, end: string) =>
    Array.from({ length: 40 }, (_, i) => `${start} thing ${i} ${end}`.trim());
  for (
    const [start, end] of [
      ["a", "."],
      ["The", "grass."],
      ["there is", "here"],
      ["-", "!"],
      ['"', '"'],
      ["start", ""],
      ["", "end"],
      ["", "(Reuters)"],
    ]
  ) assertEquals(findFrames(repeat(start, end)).frames, [], `${start} … ${end}`);
  assertEquals(findFrames(PLAIN), { captions: PLAIN.length, frames: [] });
  assertEquals(findFrames([]), { captions: 0, frames: [] });
});

Deno.test("findFrames() doubts words around all captions, and markers around some", () => {
  const all = Array.from({ length: 40 }, (_, i) => `alpha thing ${i} omega`);
  assertEquals(findFrames(all).doubtful, { start: "alpha", end: "omega", captions: 40 });
  assertEquals(findFrames([...all, "the alpha animal"]).doubtful, undefined);
  // All begin with one word, and each ends with another: nothing looks like a marker.
  const numbered = Array.from({ length: 60 }, (_, i) => `A cat number ${i}`);
  assertEquals(findFrames(numbered).doubtful, undefined);
  assertEquals(findFrames([...PLAIN, ...framed("<s>", "</s>")]), {
    captions: 2 * PLAIN.length,
    frames: [],
    doubtful: { start: "<s>", end: "</s>", captions: PLAIN.length },
  });
});

Deno.test("findFrames() leaves what stands in square brackets for text, and doubts it", () => {
  const repeat = (start: string, end: string) =>
    Array.from({ length: 40 }, (_, i) => `${start} ${i} things here ${i} ${end}`.trim());
  for (
    const [start, end] of [["[Music]", ""], ["", "[Applause]"], ["[Music]", "[Laughter]"], [
      "<image>",
      "",
    ]]
  ) {
    const { frames, doubtful } = findFrames(repeat(start, end));
    assertEquals(frames, []);
    assertEquals(doubtful, { start, end, captions: 40 });
  }
  assertEquals(findFrames(repeat("<d>", "</d>")).frames, [{
    start: "<d>",
    end: "</d>",
    captions: 40,
  }]);
  assertEquals(findFrames(repeat("'x'", "'y'")).frames, []);
});

Deno.test("findFrames() takes off padding however often it stands at an end", () => {
  const captions = PLAIN.map((caption, i) => `<start> ${caption} <end>${" <pad>".repeat(i % 3)}`);
  const { frames } = findFrames(captions);
  assertEquals(frames, [
    { start: "", end: "<pad>", captions: 4 },
    { start: "<start>", end: "<end>", captions: PLAIN.length },
  ]);
  assertEquals(captions.map((caption) => frames.reduce(withoutFrame, caption)), PLAIN);
});
