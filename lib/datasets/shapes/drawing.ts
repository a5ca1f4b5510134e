import { Random } from "../../random/mod.ts";
import type { Colour, Pattern, Scene, Shape, Tone } from "./scene.ts";

/** How photos are drawn. */
export interface DrawingOptions {
  /** Side in pixels. @default {96} */
  size?: number;
  /** Standard deviation of the pixel noise, of 255. @default {6} */
  noise?: number;
  /** Format of the file: JPEG of quality 95 without chroma subsampling, or PNG. @default {"jpeg"} */
  format?: "jpeg" | "png";
}

/** An RGB colour, 0 to 255 each. */
export type RGB = readonly [number, number, number];

/** What each colour of objects looks like, before each photo's shade. */
export const COLOUR_VALUES: Record<Colour, RGB> = {
  red: [220, 30, 35],
  orange: [250, 135, 15],
  yellow: [250, 225, 40],
  green: [35, 160, 60],
  cyan: [40, 205, 215],
  blue: [35, 70, 220],
  purple: [130, 40, 170],
  pink: [245, 95, 175],
};

/** Darkest and lightest grey of each tone of backgrounds. */
export const TONE_RANGES: Record<Tone, readonly [number, number]> = {
  white: [200, 242],
  grey: [112, 154],
  black: [18, 60],
};

/** Largest change of a colour value from photo to photo. */
export const shade = 12;

/**
 * Draws a scene as RGB bytes, row by row: [size, size, 3].
 *
 * @throws {RangeError} if the size is not an integer of at least 16, or the noise is negative
 */
export async function drawScenePixels(
  scene: Scene,
  options: DrawingOptions = {},
): Promise<Uint8Array> {
  const { size = 96, noise = 6 } = options;
  if (!Number.isInteger(size) || size < 16) {
    throw new RangeError(`A photo cannot be drawn ${size} pixels wide: use an integer from 16 on`);
  }
  if (!(noise >= 0)) throw new RangeError(`Noise is 0 or more, not ${noise}`);
  const { default: sharp } = await import("sharp");
  const pixels = await sharp(new TextEncoder().encode(sceneSvg(scene, size)))
    .removeAlpha().toColourspace("srgb").raw().toBuffer();
  addNoise(pixels, noise, new Random(scene.seed, "noise"));
  return pixels;
}

/** Draws a scene as a file. */
export async function drawScene(scene: Scene, options: DrawingOptions = {}): Promise<Uint8Array> {
  const { size = 96, format = "jpeg" } = options;
  const pixels = await drawScenePixels(scene, options);
  const { default: sharp } = await import("sharp");
  const drawn = sharp(pixels, { raw: { width: size, height: size, channels: 3 } });
  const file = format === "png"
    ? drawn.png()
    : drawn.jpeg({ quality: 95, chromaSubsampling: "4:4:4" });
  return await file.toBuffer();
}

/** The scene as SVG, without the noise. */
export function sceneSvg(scene: Scene, size: number): string {
  const random = new Random(scene.seed, "drawing");
  const background = backgroundSvg(scene.pattern, TONE_RANGES[scene.tone], random);
  const second = scene.second === null ? "" : objectSvg(scene.second.shape, {
    ...opposite(scene, random),
    radius: between(random, 0.075, 0.09),
    colour: COLOUR_VALUES[scene.second.colour],
  }, random);
  const main = positions(scene, random).map(([x, y]) =>
    objectSvg(scene.shape, {
      x,
      y,
      radius: radius(scene, random),
      colour: COLOUR_VALUES[scene.colour],
    }, random)
  ); // last, so on top
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" ` +
    `viewBox="0 0 1 1">${background}${second}${main.join("")}</svg>`;
}

const NEAR = 0.3; // where "left" and "top" are, of the side
const SPREAD = 0.03; // how far objects stray from their position

function positions(scene: Scene, random: Random): [number, number][] {
  const across = between(random, -2 * SPREAD, 2 * SPREAD);
  const stray = () => between(random, -SPREAD, SPREAD);
  switch (scene.place) {
    case "left":
      return [[NEAR + stray(), 0.5 + across]];
    case "right":
      return [[1 - NEAR + stray(), 0.5 + across]];
    case "top":
      return [[0.5 + across, NEAR + stray()]];
    case "bottom":
      return [[0.5 + across, 1 - NEAR + stray()]];
    case "centre":
      return [[0.5 + stray(), 0.5 + stray()]];
    default: {
      const along = scene.count === 2 ? [0.3, 0.7] : [0.18, 0.5, 0.82];
      return along.map((at) =>
        scene.place === "row" ? [at, 0.5 + across + stray()] : [0.5 + across + stray(), at]
      );
    }
  }
}

/** Where a second object is: away from the main one, far enough never to touch it. */
function opposite(scene: Scene, random: Random): { x: number; y: number } {
  const far = 0.84;
  const across = 0.5 + between(random, -4 * SPREAD, 4 * SPREAD);
  return {
    left: { x: far, y: across },
    right: { x: 1 - far, y: across },
    top: { x: across, y: far },
    bottom: { x: across, y: 1 - far },
  }[scene.place as "left" | "right" | "top" | "bottom"];
}

function radius(scene: Scene, random: Random): number {
  if (scene.count > 1) return between(random, 0.1, 0.112);
  return scene.size === "large" ? between(random, 0.19, 0.22) : between(random, 0.11, 0.13);
}

function objectSvg(
  shape: Shape,
  at: { x: number; y: number; radius: number; colour: RGB },
  random: Random,
): string {
  const fill = rgb(at.colour.map((value) => value + between(random, -shade, shade)));
  const turn = between(random, -12, 12);
  const place = `transform="translate(${at.x} ${at.y}) rotate(${turn}) scale(${at.radius})"`;
  if (shape === "circle") return `<circle r="1" ${place} fill="${fill}"/>`;
  const points = outlines[shape].map(([x, y]) => `${x},${y}`).join(" ");
  return `<polygon points="${points}" ${place} fill="${fill}"/>`;
}

/** Corners for a radius of 1; the areas are made roughly alike. */
const outlines: Record<Exclude<Shape, "circle">, [number, number][]> = {
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  triangle: corners(3, () => 1.3).map(([x, y]) => [x, y + 0.2]),
  star: corners(10, (corner) => corner % 2 === 0 ? 1.3 : 0.55),
  cross: [
    [-0.38, -1.1],
    [0.38, -1.1],
    [0.38, -0.38],
    [1.1, -0.38],
    [1.1, 0.38],
    [0.38, 0.38],
    [0.38, 1.1],
    [-0.38, 1.1],
    [-0.38, 0.38],
    [-1.1, 0.38],
    [-1.1, -0.38],
    [-0.38, -0.38],
  ],
};

function corners(count: number, radius: (corner: number) => number): [number, number][] {
  return Array.from({ length: count }, (_, corner) => {
    const angle = 2 * Math.PI * corner / count;
    return [radius(corner) * Math.sin(angle), -radius(corner) * Math.cos(angle)];
  });
}

function backgroundSvg(
  pattern: Pattern,
  [dark, light]: readonly [number, number],
  random: Random,
): string {
  const tint = [0, 1, 2].map(() => between(random, -5, 5));
  const grey = (level: number) => rgb(tint.map((change) => level + change));
  const [a, b] = random.uniform() < 0.5 ? [grey(dark), grey(light)] : [grey(light), grey(dark)];
  const whole = (fill: string) => `<rect width="1" height="1" fill="${fill}"/>`;
  switch (pattern) {
    case "plain":
      return whole(grey(between(random, dark, light)));
    case "shaded": {
      const turn = random.integer(0, 4) * 90;
      return `<linearGradient id="g" gradientTransform="rotate(${turn} .5 .5)"><stop ` +
        `stop-color="${a}"/><stop offset="1" stop-color="${b}"/></linearGradient>` +
        whole("url(#g)");
    }
    case "striped": {
      const width = between(random, 0.06, 0.09);
      const turn = random.choice([0, 45, 90, 135]);
      const stripes = [];
      for (let x = -0.5; x < 1.5; x += 2 * width) {
        stripes.push(`<rect x="${x}" y="-.5" width="${width}" height="2"/>`);
      }
      return whole(a) + `<g fill="${b}" transform="rotate(${turn} .5 .5)">${stripes.join("")}</g>`;
    }
    case "dotted": {
      const step = between(random, 0.11, 0.14);
      const dots = [];
      for (let y = step / 2, row = 0; y < 1 + step; y += step, row++) {
        for (let x = row % 2 * step / 2; x < 1 + step; x += step) {
          dots.push(`<circle cx="${x}" cy="${y}" r="${step * 0.3}"/>`);
        }
      }
      return whole(a) + `<g fill="${b}">${dots.join("")}</g>`;
    }
  }
}

/** Adds nearly normal noise: each random word's four bytes summed, as 27,648 values are needed. */
function addNoise(pixels: Uint8Array, deviation: number, random: Random): void {
  if (deviation === 0) return;
  const scale = deviation / Math.sqrt(4 * (256 ** 2 - 1) / 12);
  for (let i = 0; i < pixels.length; i++) {
    const bits = random.bits();
    const sum = (bits & 255) + (bits >>> 8 & 255) + (bits >>> 16 & 255) + (bits >>> 24);
    pixels[i] = Math.max(0, Math.min(255, Math.round(pixels[i] + (sum - 510) * scale)));
  }
}

function between(random: Random, low: number, high: number): number {
  return low + random.uniform() * (high - low);
}

function rgb(values: readonly number[]): string {
  return `rgb(${values.map((value) => Math.max(0, Math.min(255, Math.round(value)))).join(",")})`;
}
