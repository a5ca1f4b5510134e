import { modelSettings } from "../../models/mod.ts";
import { folding, foldNotes } from "./fold_norms.ts";
import type { Fold } from "./folds.ts";
import type { KerasLayer } from "./graph.ts";
import { expectLastAxis } from "./last_axis.ts";
import { expectClass, onlyInput, settingOf } from "./layers.ts";
import { refused } from "./refused.ts";
import { type Passed, passLayers } from "./pass_layers.ts";
import { IMAGE_ACTIVATIONS, type ImageBranch, recogniseImage } from "./recognise_image.ts";
import { recogniseRecurrent, type RecurrentChain } from "./recognise_recurrent.ts";
import { named, recogniseWords, sidesOf } from "./recognise_words.ts";
import { denseNames, type Head, lostDropout, lostPenalty, type Recognised } from "./recognised.ts";
import { checkVocabulary, recurrentArrays, recurrentSettings } from "./recurrent_parts.ts";
import { recurrentName } from "./recurrent_name.ts";

/** What differs between the two decoders. */
interface Injected {
  image: ImageBranch;
  /** What the words' side is below the recurrent layers. */
  words: Passed;
  settings: Record<string, unknown>;
  folds: Fold[];
  doubled?: string;
  notes: string[];
}

/**
 * Recognises par_inject and init_inject, whose last dense layers stand on recurrent layers alone: the
 * image is read beside each word, or is the state that they start with.
 *
 * @throws {RangeError} naming the layer that does not fit
 */
export function recogniseInject(head: Head): Recognised {
  const { meeting, dense, output } = head;
  const chain = recogniseRecurrent(meeting);
  const injected = chain.initial.some((states) => states.length > 0)
    ? initInjected(chain)
    : parInjected(chain);
  const { image, settings } = injected;
  const branch = recogniseWords(injected.words, chain);
  checkVocabulary(output, branch.embedding);
  const folds = [...folding({ head, image, chain, branch }), ...injected.folds];
  return {
    settings: modelSettings.parse({
      ...settings,
      ...recurrentSettings(image, chain, branch),
      outputDropout: head.rate,
      dense: dense?.units ?? null,
    } as never),
    arrays: [
      { layer: image.dense.layer, names: denseNames("image") },
      { layer: branch.embedding.layer, names: ["embedding/embeddings"] },
      ...recurrentArrays(chain),
      ...dense === undefined ? [] : [{ layer: dense.layer, names: denseNames("dense") }],
      { layer: output.layer, names: denseNames("output") },
    ],
    folds,
    doubled: injected.doubled,
    vocabularySize: branch.embedding.vocabularySize,
    width: image.width,
    longest: branch.embedding.longest,
    image: image.input,
    notes: [
      ...head.notes,
      ...[image, chain, branch, injected].flatMap(({ notes }) => notes),
      ...lostPenalty("the image's projection", image.dense.l2),
      ...lostPenalty("the dense layer", dense?.l2 ?? 0),
      ...foldNotes(folds),
    ],
  };
}

function parInjected(chain: RecurrentChain): Injected {
  const { below } = chain;
  const [first] = chain.layers;
  if (!["Concatenate", "Add"].includes(below.layer.className)) {
    throw refused(
      first,
      `reads ${named([below.layer])}, and no image: par_inject has the image beside each word ` +
        "there, init_inject starts with it",
    );
  }
  const joint = below.layer;
  const adds = joint.className === "Add";
  if (!adds) expectLastAxis(joint);
  const sides = sidesOf(joint);
  const words = sides.find(({ layer }) => layer.className === "Embedding");
  const side = sides.find((other) => other !== words);
  if (words === undefined || side === undefined) {
    throw refused(
      joint,
      `joins ${
        named(sides.map(({ layer }) => layer))
      }; par_inject joins the image's dense layer, ` +
        "repeated, and the words' embedding",
    );
  }
  const image = recogniseImage(side.layer, IMAGE_ACTIVATIONS, { norms: true, repeats: true });
  if (!side.repeated && !image.repeated) {
    throw refused(
      joint,
      "joins the image and the words, but the image is not repeated for each word",
    );
  }
  const weights = recurrentName(chain.cell, 0);
  const joined = below.norms.map((norm): Fold => ({ kind: "before", norm, weights }));
  const order: Fold[] = adds
    ? [{ kind: "double", weights }]
    : sides[0] === words
    ? [{ kind: "roll", weights, rows: Number(words.layer.config.output_dim) }]
    : [];
  return {
    image,
    words: { ...words, rate: words.rate || below.rate },
    settings: {
      kind: "par_inject",
      imageUnits: image.dense.units === chain.units ? null : image.dense.units,
    },
    folds: [
      ...joined,
      ...order,
      ...side.norms.map((norm): Fold => ({ kind: "before", norm, weights, rows: "first" })),
    ],
    doubled: adds ? `${weights}/kernel` : undefined,
    notes: [
      ...lostDropout("after the image's projection", side.rate),
      ...below.rate === 0 ? [] : words.rate === 0
        ? [
          `The dropout of ${below.rate} on image and words together becomes one on the words ` +
          "alone: that only matters for further training",
        ]
        : lostDropout("on image and words together", below.rate),
      ...side.notes,
      ...below.notes,
      ...adds
        ? ["Image and words are added at every step, which is written as one beside the other"]
        : [],
    ],
  };
}

function initInjected(chain: RecurrentChain): Injected {
  const [states, ...others] = chain.initial;
  const [first] = chain.layers;
  const wanted = chain.cell === "lstm" ? 2 : 1;
  if (states.length !== wanted) {
    throw refused(first, `starts with ${states.length} states, where ${wanted} are expected`);
  }
  for (const [i, own] of others.entries()) {
    if (own.length === 0 || own.every((state, j) => state === states[j])) continue;
    throw refused(chain.layers[i + 1], "starts with a state other than that of the first layer");
  }
  const counts = new Set(others.map((own) => own.length));
  if (counts.size > 1) {
    throw refused(first, "and some of the layers above it, but not all, start with the image");
  }
  const [output, cells = output] = states.map((state) => passLayers(state, { norms: true }));
  const isTanh = output.layer !== cells.layer &&
    isTanhOf(output.layer, cells.layer);
  if (output.layer !== cells.layer && !isTanh) {
    throw refused(
      first,
      `starts with ${
        named([output.layer, cells.layer])
      }, where init_inject has one projection of the ` +
        "image for both states",
    );
  }
  if (output.norms.join() !== cells.norms.join()) throw refused(first, "starts with two states");
  expectClass(cells.layer, `as the state that "${first.name}" starts with`, "Dense");
  const image = recogniseImage(cells.layer, IMAGE_ACTIVATIONS, { norms: true });
  if (cells.norms.length > 0 && image.activation !== "linear") {
    throw refused(cells.norms[0], `normalises the image after its ${image.activation}`);
  }
  return {
    image,
    words: chain.below,
    settings: {
      kind: "init_inject",
      initialOutput: isTanh ? "tanh" : "projection",
      injectInto: counts.has(0) ? "first" : "all",
    },
    folds: cells.norms.toReversed().map((norm): Fold => ({
      kind: "after",
      norm,
      weights: "image",
    })),
    notes: [...lostDropout("on the state that the image becomes", cells.rate), ...cells.notes],
  };
}

function isTanhOf(layer: KerasLayer, below: KerasLayer): boolean {
  const isTanh = layer.className === "Tanh" ||
    layer.className === "Activation" && settingOf(layer, "activation") === "tanh";
  return isTanh && onlyInput(layer) === below;
}
