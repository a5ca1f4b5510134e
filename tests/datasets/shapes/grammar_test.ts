import fc from "fast-check";
import { colours, randomScenes, shapes } from "../../../lib/datasets/mod.ts";
import {
  captionForms,
  describeScene,
  namesMainObject,
  sceneCaptions,
} from "../../../lib/datasets/shapes/grammar.ts";
import { randomScene } from "../../../lib/datasets/shapes/scene.ts";
import { cocoCorpusBleu } from "../../../lib/metrics/mod.ts";
import { Random } from "../../../lib/random/mod.ts";
import { assert, assertEquals } from "../../assert.ts";

const scenes = randomScenes(300, new Random(1, "shapes", "test"));
const references = scenes.map((scene) => sceneCaptions(scene, new Random(scene.seed, "captions")));
const words = (caption: string) => caption.toLowerCase().match(/[a-z]+/g)!;
const bleu4 = (candidates: string[]) =>
  cocoCorpusBleu(candidates.map(words), references.map((captions) => captions.map(words)))[3];

/** Chooses the most likely form and the most likely words. */
const mostLikely = (chances: readonly number[]) => chances.indexOf(Math.max(...chances));
const ideal = scenes.map((scene) => describeScene(scene, mostLikely));

Deno.test("sceneCaptions() gives five different captions that name the main object first", () => {
  fc.assert(fc.property(fc.nat(), (seed) => {
    const scene = randomScene(new Random(seed));
    const captions = sceneCaptions(scene, new Random(seed, "captions"));
    assertEquals(new Set(captions).size, 5);
    for (const caption of captions) {
      assertEquals(namesMainObject(caption, scene), { shape: true, colour: true }, caption);
      assert(/^[A-Z][a-z ,]+\.$/.test(caption), caption);
      assert(!/\ba [aeiou]|\ban [^aeiou]/.test(caption), caption);
    }
  }));
});

Deno.test("The grammar has at least 60 words and 12 sentence forms, all of them in use", () => {
  const many = randomScenes(2000, new Random(2)).flatMap((scene) =>
    sceneCaptions(scene, new Random(scene.seed))
  );
  assert(new Set(many.flatMap(words)).size >= 60);
  assert(captionForms.length >= 12);
  const parts = captionForms.map((form) =>
    new RegExp(`^${form.replace(/\{(\w+)\}/g, "[a-z ]+")}\\.$`, "i")
  );
  for (const [index, pattern] of parts.entries()) {
    assert(many.some((caption) => pattern.test(caption)), captionForms[index]);
  }
});

Deno.test("A speaker who sees everything reaches BLEU-4 .70, one who draws words at random less", () => {
  const atRandom = scenes.map((scene) => sceneCaptions(scene, new Random(scene.seed, "own"), 1)[0]);
  assert(bleu4(ideal) >= 0.7, String(bleu4(ideal)));
  assert(bleu4(atRandom) < bleu4(ideal));
});

Deno.test("A speaker who sees nothing stays .50 under one who sees everything", () => {
  const blind = [...ideal.slice(0, 60), ...references.slice(60, 80).flat()]
    .map((caption) => bleu4(scenes.map(() => caption)));
  blind.push(bleu4(new Random(1).shuffled(ideal)));
  assert(Math.max(...blind) <= bleu4(ideal) - 0.5, String(Math.max(...blind)));
});

Deno.test("A speaker who sees most reaches BLEU-4 .60", () => {
  const random = new Random(3);
  const seen = <T>(value: T, all: readonly T[]) =>
    random.uniform() < 0.8 ? value : random.choice(all);
  const captions = scenes.map((scene) =>
    describeScene({
      ...scene,
      shape: random.uniform() < 0.95 ? scene.shape : random.choice(shapes),
      colour: random.uniform() < 0.95 ? scene.colour : random.choice(colours),
      size: seen(scene.size, ["small", "large"]),
      tone: seen(scene.tone, ["white", "grey", "black"]),
      pattern: seen(scene.pattern, ["plain", "shaded", "striped", "dotted"]),
      place: seen(
        scene.place,
        scene.count > 1 ? ["row", "column"] : ["left", "right", "top", "bottom"],
      ),
    }, mostLikely)
  );
  assert(bleu4(captions) >= 0.6, String(bleu4(captions)));
});

Deno.test("namesMainObject() goes by the first shape and the first colour", () => {
  const scene = { shape: "cross", colour: "red" };
  const names = (caption: string) => Object.values(namesMainObject(caption, scene));
  assertEquals(names("two red crosses and a blue star"), [true, true]);
  assertEquals(names("A blue star and a red cross."), [false, false]);
  assertEquals(names("a blue cross beside a red star"), [true, false]);
  assertEquals(names("a white background"), [false, false]);
  assertEquals(names(""), [false, false]);
});
