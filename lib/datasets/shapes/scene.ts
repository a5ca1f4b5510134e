import { Random } from "../../random/mod.ts";

/** Shapes that are drawn. */
export const shapes = ["circle", "square", "triangle", "star", "cross"] as const;
/** Colours of objects; backgrounds have none of them. */
export const colours = [
  "red",
  "orange",
  "yellow",
  "green",
  "cyan",
  "blue",
  "purple",
  "pink",
] as const;
/** How large the main object is. */
export const sizes = ["small", "large"] as const;
/** Where a single main object is; several of them make a row or a column. */
export const places = ["left", "right", "top", "bottom", "centre", "row", "column"] as const;
/** Brightness of the background. */
export const tones = ["white", "grey", "black"] as const;
/** What the background is covered with. */
export const patterns = ["plain", "shaded", "striped", "dotted"] as const;

/** A shape of objects. */
export type Shape = typeof shapes[number];
/** A colour of objects. */
export type Colour = typeof colours[number];
/** A size of the main object. */
export type Size = typeof sizes[number];
/** Where the main object is, or how several are arranged. */
export type Place = typeof places[number];
/** A brightness of backgrounds. */
export type Tone = typeof tones[number];
/** A pattern of backgrounds. */
export type Pattern = typeof patterns[number];

/** What a drawn photo shows: everything that captions can mention, and a seed for the rest. */
export interface Scene {
  /** Shape of the main object. */
  shape: Shape;
  /** Colour of the main object. */
  colour: Colour;
  /** Objects of the main shape and colour: 1 to 3. */
  count: number;
  /** One beside a second object is always large, several are always small. */
  size: Size;
  /** Where it is; `row` and `column` if there are several, and only then. */
  place: Place;
  /** A smaller object of another shape and colour on the opposite side, beside a single main one. */
  second: { shape: Shape; colour: Colour } | null;
  /** Brightness of the background. */
  tone: Tone;
  /** What the background is covered with. */
  pattern: Pattern;
  /** What exact positions, radii, shades and the noise are drawn from. */
  seed: number;
}

/** Chances of: one object, one and a second, two, three alike. */
const KIND_CHANCES = [0.5, 0.2, 0.15, 0.15];

/** A random scene, with the main shape and colour that are given. */
export function randomScene(
  random: Random,
  main: { shape?: Shape; colour?: Colour } = {},
): Scene {
  const shape = main.shape ?? random.choice(shapes);
  const colour = main.colour ?? random.choice(colours);
  const kind = weighted(random, KIND_CHANCES);
  const second = kind === 1
    ? {
      shape: random.choice(shapes.filter((other) => other !== shape)),
      colour: random.choice(colours.filter((other) => other !== colour)),
    }
    : null;
  const size = [random.choice(sizes), "large", "small", "small"] as const;
  const where = [places.slice(0, 5), places.slice(0, 4), places.slice(5), places.slice(5)];
  return {
    shape,
    colour,
    count: [1, 1, 2, 3][kind],
    size: size[kind],
    place: random.choice(where[kind]),
    second,
    tone: random.choice(tones),
    pattern: random.choice(patterns),
    seed: random.bits(),
  };
}

/**
 * Scenes in which each combination of main shape and colour is equally frequent (within one),
 * in random order.
 */
export function randomScenes(count: number, random: Random): Scene[] {
  const combinations = shapes.flatMap((shape) => colours.map((colour) => ({ shape, colour })));
  const scenes: Scene[] = [];
  while (scenes.length < count) {
    for (const main of random.shuffled(combinations).slice(0, count - scenes.length)) {
      scenes.push(randomScene(random, main));
    }
  }
  return scenes;
}

/** An index, with the given chances, which add up to 1. */
export function weighted(random: Random, chances: readonly number[]): number {
  let rest = random.uniform();
  const index = chances.findIndex((chance) => (rest -= chance) < 0);
  return index < 0 ? chances.length - 1 : index;
}
