import {
  colours,
  drawScene,
  drawScenePixels,
  patterns,
  type Scene,
  shapes,
  tones,
} from "../../../lib/datasets/mod.ts";
import {
  COLOUR_VALUES,
  sceneSvg,
  shade,
  TONE_RANGES,
} from "../../../lib/datasets/shapes/drawing.ts";
import { randomScenes } from "../../../lib/datasets/shapes/scene.ts";
import { Random } from "../../../lib/random/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";

const ignore = !granted("read", "ffi", "env", "sys");
const scene: Scene = {
  shape: "circle",
  colour: "red",
  count: 1,
  size: "large",
  place: "left",
  second: null,
  tone: "white",
  pattern: "plain",
  seed: 5,
};

Deno.test({
  name: "drawScenePixels() draws the main object's colour at its position, the tone elsewhere",
  ignore,
  fn: async () => {
    const pixels = await drawScenePixels(scene, { noise: 0 });
    assertEquals(pixels.length, 96 * 96 * 3);
    const at = (
      x: number,
      y: number,
    ) => [...pixels.subarray((y * 96 + x) * 3, (y * 96 + x) * 3 + 3)];
    at(29, 48).forEach((value, i) => assertAlmostEquals(value, COLOUR_VALUES.red[i], shade));
    for (const value of at(80, 48)) assert(value >= 195 && value <= 247);
  },
});

Deno.test({
  name: "drawScenePixels() and drawScene() give the same bytes for the same scene",
  ignore,
  fn: async () => {
    for (const scene of randomScenes(4, new Random(3))) {
      assertEquals(await drawScenePixels(scene), await drawScenePixels(scene));
      assertEquals(await drawScene(scene), await drawScene(scene));
    }
  },
});

Deno.test({
  name: "drawScenePixels() adds noise of the given standard deviation",
  ignore,
  fn: async () => {
    const grey: Scene = { ...scene, tone: "grey", size: "small" };
    const clean = await drawScenePixels(grey, { noise: 0 });
    const noisy = await drawScenePixels(grey, { noise: 6 });
    let squares = 0;
    let sum = 0;
    let count = 0;
    for (let i = 0; i < clean.length; i++) {
      if (clean[i] < 30 || clean[i] > 225) continue; // cut off there
      squares += (noisy[i] - clean[i]) ** 2;
      sum += noisy[i] - clean[i];
      count++;
    }
    assertAlmostEquals(sum / count, 0, 0.15);
    assertAlmostEquals(Math.sqrt(squares / count), 6, 0.15);
  },
});

Deno.test({
  name: "drawScene() encodes a JPEG of the given size",
  ignore,
  fn: async () => {
    const { default: sharp } = await import("sharp");
    const { format, width, height } = await sharp(await drawScene(scene, { size: 64 })).metadata();
    assertEquals([format, width, height], ["jpeg", 64, 64]);
  },
});

Deno.test({
  name: "drawScenePixels() refuses sizes and noise that cannot be drawn",
  ignore,
  fn: async () => {
    await assertRejects(() => drawScenePixels(scene, { size: 8 }), RangeError, "8 pixels");
    await assertRejects(() => drawScenePixels(scene, { noise: -1 }), RangeError, "-1");
    await assertRejects(() => drawScenePixels(scene, { noise: NaN }), RangeError, "NaN");
  },
});

Deno.test("sceneSvg() draws every shape, pattern and tone, the main object last", () => {
  for (const shape of shapes) {
    for (const pattern of patterns) {
      for (const tone of tones) {
        const second = { shape: shapes.find((other) => other !== shape)!, colour: "blue" } as const;
        const svg = sceneSvg({ ...scene, shape, pattern, tone, second }, 96);
        const last = svg.slice(svg.lastIndexOf(`rotate(`));
        const fill = last.match(/rgb\((\d+),(\d+),(\d+)\)/)!.slice(1).map(Number);
        fill.forEach((value, i) =>
          assertAlmostEquals(value, COLOUR_VALUES[scene.colour][i], shade + 0.5)
        );
      }
    }
  }
});

Deno.test("Colours stay at least 60 apart from each other and from every background", () => {
  const distance = (a: readonly number[], b: readonly number[]) =>
    Math.hypot(...a.map((value, i) => Math.max(0, Math.abs(value - b[i]))));
  for (const a of colours) {
    for (const b of colours) {
      if (a !== b) assert(distance(COLOUR_VALUES[a], COLOUR_VALUES[b]) >= 60, `${a} and ${b}`);
    }
    for (const [tone, [dark, light]] of Object.entries(TONE_RANGES)) {
      for (let level = dark; level <= light; level++) {
        const near = distance(COLOUR_VALUES[a], [level, level, level]);
        assert(near >= 60, `${a} on ${tone} ${level}: ${near}`);
      }
    }
  }
});
