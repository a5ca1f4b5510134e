import type { Random } from "../../random/mod.ts";
import {
  type Colour,
  colours,
  type Pattern,
  type Place,
  type Scene,
  type Shape,
  shapes,
  type Size,
  type Tone,
  weighted,
} from "./scene.ts";

/** Picks one of several alternatives, given the chance of each. */
export type Choose = (chances: readonly number[]) => number;

/** Wordings and the chance of each. */
type Wordings = readonly (readonly [chance: number, words: string])[];

/** Forms for one object alone; every form names the main object before anything else of a shape. */
const ALONE_FORMS: Wordings = [
  [0.34, "{main} {place} of {background}"],
  [0.18, "{main} on {background}"],
  [0.11, "there is {main} {place} of {background}"],
  [0.09, "{main} {place} of the {picture}"],
  [0.08, "the {picture} shows {main} on {background}"],
  [0.06, "we see {main} {place} of {background}"],
  [0.05, "{main} can be seen {place}"],
  [0.05, "somebody drew {main} on {background}"],
  [0.04, "{main} lies {place}, and the {ground} is {tone} and {pattern}"],
];

/** Forms for an object and a smaller one. */
const BESIDE_FORMS: Wordings = [
  [0.34, "{main} {relation} {second} on {background}"],
  [0.18, "{main} and {second} on {background}"],
  [0.14, "{main} {place} of {background}"],
  [0.10, "there is {main} {relation} {second}"],
  [0.08, "the {picture} shows {main} and {second}"],
  [0.06, "{main} with {second} next to it on {background}"],
  [0.05, "{main} is much larger than {second}"],
  [0.05, "somebody drew {main} with {second} nearby"],
];

/** Forms for several objects alike. */
const SEVERAL_FORMS: Wordings = [
  [0.34, "{main} {place} on {background}"],
  [0.22, "{main} on {background}"],
  [0.13, "there are {main} {place} on {background}"],
  [0.09, "{main} stand {place}"],
  [0.08, "the {picture} shows {main} {place}"],
  [0.06, "we see {main} on {background}"],
  [0.04, "somebody drew {main} {place}"],
  [0.04, "a group of {main} on {background}"],
];

/** Every sentence form, as a template. */
export const captionForms: readonly string[] = [
  ...new Set([...ALONE_FORMS, ...BESIDE_FORMS, ...SEVERAL_FORMS].map(([, form]) => form)),
];

const PICTURE_WORDS: Wordings = [[0.6, "picture"], [0.25, "photo"], [0.15, "image"]];
const GROUND_WORDS: Wordings = [[0.8, "background"], [0.2, "backdrop"]];
const SIZE_WORDS: Record<Size, Wordings> = {
  small: [[0.7, "small"], [0.3, "little"]],
  large: [[0.7, "large"], [0.3, "big"]],
};
const TONE_WORDS: Record<Tone, Wordings> = {
  white: [[0.75, "white"], [0.25, "light"]],
  grey: [[1, "grey"]],
  black: [[0.75, "black"], [0.25, "dark"]],
};
const PATTERN_WORDS: Record<Pattern, Wordings> = {
  plain: [[1, "plain"]],
  shaded: [[0.75, "shaded"], [0.25, "fading"]],
  striped: [[0.75, "striped"], [0.25, "lined"]],
  dotted: [[0.75, "dotted"], [0.25, "spotted"]],
};
const PLACE_WORDS: Record<Place, Wordings> = {
  left: [[0.7, "on the left"], [0.3, "on the left side"]],
  right: [[0.7, "on the right"], [0.3, "on the right side"]],
  top: [[0.7, "at the top"], [0.3, "in the upper half"]],
  bottom: [[0.7, "at the bottom"], [0.3, "in the lower half"]],
  centre: [[0.7, "in the middle"], [0.3, "in the centre"]],
  row: [[0.7, "in a row"], [0.3, "side by side"]],
  column: [[0.7, "in a column"], [0.3, "one above the other"]],
};
const RELATION_WORDS: Partial<Record<Place, Wordings>> = {
  left: [[0.7, "to the left of"], [0.3, "beside"]],
  right: [[0.7, "to the right of"], [0.3, "beside"]],
  top: [[0.7, "above"], [0.3, "over"]],
  bottom: [[0.7, "below"], [0.3, "under"]],
};

/** One caption of a scene; its wording depends on `choose` alone. */
export function describeScene(scene: Scene, choose: Choose): string {
  const pick = (wordings: Wordings) => wordings[choose(wordings.map(([chance]) => chance))][1];
  const slots: Record<string, () => string> = {
    main: () =>
      scene.count === 1
        ? withArticle(`${pick(SIZE_WORDS[scene.size])} ${scene.colour} ${scene.shape}`)
        : `${scene.count === 2 ? "two" : "three"} ${scene.colour} ${plural(scene.shape)}`,
    second: () => withArticle(`${scene.second!.colour} ${scene.second!.shape}`),
    background: () =>
      withArticle(
        scene.pattern === "plain"
          ? `plain ${pick(TONE_WORDS[scene.tone])} ${pick(GROUND_WORDS)}`
          : [TONE_WORDS[scene.tone], PATTERN_WORDS[scene.pattern], GROUND_WORDS].map(pick).join(
            " ",
          ),
      ),
    place: () => pick(PLACE_WORDS[scene.place]),
    relation: () => pick(RELATION_WORDS[scene.place]!),
    picture: () => pick(PICTURE_WORDS),
    ground: () => pick(GROUND_WORDS),
    tone: () => pick(TONE_WORDS[scene.tone]),
    pattern: () => pick(PATTERN_WORDS[scene.pattern]),
  };
  const forms = scene.count > 1 ? SEVERAL_FORMS : scene.second ? BESIDE_FORMS : ALONE_FORMS;
  const text = pick(forms).replace(/\{(\w+)\}/g, (_, slot) => slots[slot]());
  return text[0].toUpperCase() + text.slice(1) + ".";
}

/**
 * Different captions of one scene.
 *
 * @param count how many; 5 by default
 */
export function sceneCaptions(scene: Scene, random: Random, count = 5): string[] {
  const captions = new Set<string>();
  while (captions.size < count) {
    captions.add(describeScene(scene, (chances) => weighted(random, chances)));
  }
  return [...captions];
}

/** Whether the first shape and the first colour of a caption are the main object's. */
export function namesMainObject(
  caption: string,
  scene: { shape: string; colour: string },
): { shape: boolean; colour: boolean } {
  const words = caption.toLowerCase().match(/[a-z]+/g) ?? [];
  const named = words.map((word) => shapeOf.get(word)).find((shape) => shape !== undefined);
  const colour = words.find((word) => colours.includes(word as Colour));
  return { shape: named === scene.shape, colour: colour === scene.colour };
}

const shapeOf: ReadonlyMap<string, Shape> = new Map(
  shapes.flatMap((shape) => [[shape, shape], [plural(shape), shape]]),
);

function plural(shape: string): string {
  return shape.endsWith("s") ? `${shape}es` : `${shape}s`;
}

function withArticle(words: string): string {
  return `${/^[aeiou]/.test(words) ? "an" : "a"} ${words}`;
}
