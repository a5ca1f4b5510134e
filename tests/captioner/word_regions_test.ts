import { gridOf, wordRegions } from "../../lib/captioner/mod.ts";
import { assertAlmostEquals, assertEquals, assertRejects } from "../assert.ts";

const imageSize = 14; // a region of the 7 × 7 grid is 2 × 2 pixels
const black = new Uint8Array(imageSize ** 2 * 3);

/** Features are whether a region's first pixel is still black [49]. */
const encoder = {
  imageSize,
  featureShape: [49],
  encode: (pixels: Uint8Array, photos: number) => {
    const feature = (photo: number, region: number) => {
      const [row, column] = [Math.floor(region / 7), region % 7];
      return pixels[((photo * imageSize + 2 * row) * imageSize + 2 * column) * 3] === 0 ? 1 : 0;
    };
    const features = Array.from(
      { length: photos * 49 },
      (_, i) => feature(Math.floor(i / 49), i % 49),
    );
    return Promise.resolve(Float32Array.from(features));
  },
};

/** Word w loses w + 1 in log probability where region 10 w is covered, and gains where 5 is. */
const captioner = {
  readCaption: (features: Float32Array, photos: number, words: readonly string[]) => {
    const log = (photo: number, word: number) =>
      -1 - (word + 1) * (1 - features[photo * 49 + 10 * word]) + (1 - features[photo * 49 + 5]) / 2;
    const logProbabilities = Array.from(
      { length: photos },
      (_, photo) => Float32Array.from(words, (_, word) => log(photo, word)),
    );
    return Promise.resolve({ logProbabilities });
  },
};

Deno.test("wordRegions() finds by occlusion the region that each word depends on", async () => {
  for (const batchSize of [1, 16, 100]) {
    const words = ["a", "red", "circle"];
    const found = await wordRegions(encoder, captioner, black, words, { batchSize });
    assertEquals([found.kind, found.rows, found.columns], ["occlusion", 7, 7]);
    for (const [w, { word, regions }] of found.words.entries()) {
      assertEquals(word, words[w]);
      regions.forEach((value, region) =>
        assertAlmostEquals(value, region === 10 * w ? (w + 1) / 3 : 0, 1e-6)
      );
    }
  }
});

Deno.test("wordRegions() is all zeros where no region matters", async () => {
  const indifferent = {
    readCaption: (_: Float32Array, photos: number) =>
      Promise.resolve({ logProbabilities: Array(photos).fill(new Float32Array([-2])) }),
  };
  const { words: [{ regions }] } = await wordRegions(encoder, indifferent, black, ["a"]);
  assertEquals(regions, Array(49).fill(0));
});

Deno.test("wordRegions() takes attention where the decoder has it, and covers nothing", async () => {
  const attentive = {
    readCaption: () =>
      Promise.resolve({
        logProbabilities: [new Float32Array(2)],
        attention: [[Float32Array.of(0.5, 0.25), Float32Array.of(0, 1)]],
      }),
  };
  let photos = 0;
  const grid = {
    imageSize,
    featureShape: [1, 2, 8],
    encode: (_: Uint8Array, count: number) => {
      photos += count;
      return Promise.resolve(new Float32Array(16 * count));
    },
  };
  assertEquals(await wordRegions(grid, attentive, black, ["a", "b"]), {
    kind: "attention",
    rows: 1,
    columns: 2,
    words: [{ word: "a", regions: [0.5, 0.25] }, { word: "b", regions: [0, 1] }],
  });
  assertEquals(photos, 1);
});

Deno.test("wordRegions() ends with its signal between batches", async () => {
  const stop = new AbortController();
  let batches = 0;
  const stopping = {
    ...encoder,
    encode: (pixels: Uint8Array, photos: number) => {
      if (++batches === 3) stop.abort(new Error("enough"));
      return encoder.encode(pixels, photos);
    },
  };
  await assertRejects(
    () => wordRegions(stopping, captioner, black, ["a"], { batchSize: 4, signal: stop.signal }),
    Error,
    "enough",
  );
  assertEquals(batches, 3);
});

Deno.test("gridOf() is the encoder's grid, or the smaller one that a decoder makes of it", () => {
  assertEquals(gridOf([7, 5, 3], 35), [7, 5]);
  assertEquals(gridOf([14, 14, 96], 49), [7, 7]);
});
