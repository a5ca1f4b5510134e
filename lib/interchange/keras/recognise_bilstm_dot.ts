import { type BilstmDotSettings, bilstmDotSettings } from "../../models/mod.ts";
import { readContraction } from "./contraction.ts";
import type { Fold } from "./folds.ts";
import type { KerasLayer } from "./graph.ts";
import {
  type Embedding,
  expectClass,
  expectSetting,
  onlyInput,
  readBidirectional,
  readEmbedding,
  sizeOf,
} from "./layers.ts";
import { refused } from "./refused.ts";
import { type ImageBranch, recogniseImage } from "./recognise_image.ts";
import { foldNotes, headFolds } from "./fold_norms.ts";
import { passLayers } from "./pass_layers.ts";
import { checkVocabulary } from "./recurrent_parts.ts";
import {
  denseNames,
  type Head,
  lostDropout,
  lostPenalty,
  type Recognised,
  recurrentNames,
} from "./recognised.ts";
import { readReduction } from "./reduction.ts";

/**
 * Recognises the decoder with bidirectional LSTMs and dot attention, where a vector of words and one of
 * the image meet in a Concatenate.
 *
 * @throws {RangeError} naming the layer that does not fit
 */
export function recogniseBilstmDot(head: Head): Recognised {
  const { meeting, dense, output, notes, rate } = head;
  if (dense === undefined) {
    throw refused(
      output.layer,
      "stands on image and words directly; bilstm_dot has a dense layer with ReLU between",
    );
  }
  expectSetting(meeting, "axis", -1, 1);
  const parts = meeting.inputs.map((layer) => passLayers(layer));
  const side = parts.find(({ layer }) => layer.className === "Dense");
  if (parts.length !== 2 || side === undefined) {
    throw refused(
      meeting,
      `joins ${parts.map(({ layer }) => `"${layer.name}" (${layer.className})`).join(" and ")}; ` +
        "bilstm_dot joins the attention's output and the image's dense layer",
    );
  }
  const context = parts.find((part) => part !== side)!;
  const image = recogniseImage(side.layer);
  const attention = recogniseAttention(context.layer, image);
  const { words, embedding } = attention;
  checkVocabulary(output, embedding);
  const units = readBidirectional(words, "the words' side of the attention");
  for (const layer of [attention.image, words]) {
    if (readBidirectional(layer, "in the attention") !== image.dense.units) {
      throw refused(
        layer,
        `has ${units} units, but the image's projection has ${image.dense.units}: ` +
          "bilstm_dot has the same number in both",
      );
    }
  }
  const folds: Fold[] = headFolds(head); // the image's rows come last in Showtell
  if (parts[0] === side) folds.push({ kind: "roll", weights: "dense", rows: units });
  return {
    settings: bilstmDotSettings.parse({
      kind: "bilstm_dot",
      embedding: embedding.width,
      units,
      dense: dense.units,
      trainEmbedding: embedding.layer.config.trainable !== false,
      imageDropout: image.dropout,
      wordDropout: attention.dropout,
      imageScale: image.scale,
      imageSteps: attention.steps,
      attention: attention.kind,
      softmaxOver: attention.softmaxOver,
      pooling: attention.pooling,
    }),
    arrays: [
      { layer: image.dense.layer, names: denseNames("image") },
      {
        layer: attention.image,
        names: [...recurrentNames("image_forward"), ...recurrentNames("image_backward")],
      },
      { layer: embedding.layer, names: ["embedding/embeddings"] },
      {
        layer: words,
        names: [...recurrentNames("words_forward"), ...recurrentNames("words_backward")],
      },
      { layer: dense.layer, names: denseNames("dense") },
      { layer: output.layer, names: denseNames("output") },
    ],
    vocabularySize: embedding.vocabularySize,
    width: image.width,
    longest: embedding.longest,
    image: image.input,
    folds,
    notes: [
      ...notes,
      ...foldNotes(folds),
      ...lostDropout("before the last layer but one", rate),
      ...lostDropout("on the image's vector that is joined", side.rate),
      ...lostDropout("on the attention's output", context.rate),
      ...lostPenalty("the image's projection", image.dense.l2),
      ...lostPenalty("the dense layer", dense.l2),
      ...attention.notes,
    ],
  };
}

interface Attention {
  /** The bidirectional LSTMs. */
  image: KerasLayer;
  words: KerasLayer;
  embedding: Embedding;
  /** Rate of the dropout on the embedded words. */
  dropout: number;
  steps: number;
  kind: BilstmDotSettings["attention"];
  softmaxOver: number | null;
  pooling: BilstmDotSettings["pooling"];
  notes: string[];
}

/** Contractions of a softmax [batch, image steps, words] with word states [batch, words, width]. */
const KINDS: Record<string, { kind: Attention["kind"]; reduced?: true }> = {
  "abc,acd->abd": { kind: "weighted" },
  "abc,acd->ad": { kind: "weighted", reduced: true },
  // Summed over the axis of the softmax: each softmax sums to one, which leaves the plain sum.
  "abc,abd->acd": { kind: "sum" },
  "abc,abd->ad": { kind: "sum", reduced: true },
};

function recogniseAttention(context: KerasLayer, branch: ImageBranch): Attention {
  const steps = stepsOf(context, branch.dense.layer);
  const reduction = readReduction(context, steps);
  const contraction = reduction?.below ?? context;
  const notes = reduction?.notes ?? [];
  if (contraction.className === "Attention") {
    if (reduction === undefined) throw refused(context, "is not reduced to one vector");
    return { ...keras(contraction, branch), steps, pooling: reduction.pooling, notes };
  }
  const found = readContraction(contraction);
  const known = found && KINDS[found.equation];
  if (known === undefined || (known.reduced ?? false) !== (reduction === undefined)) {
    throw refused(
      contraction,
      `does not fit: ${
        found === undefined ? "" : `as ${found.equation} `
      }it is not a contraction of ` +
        "attention and word states, reduced over axis 1, that bilstm_dot has",
    );
  }
  const [weights, words] = contraction.inputs;
  const image = queriesOf(weights, words, contraction, known.kind);
  const below = wordsBelow(words);
  const positions = below.embedding.longest;
  if (known.kind === "weighted" && positions === null) {
    throw refused(
      contraction,
      "weights words by an unmasked softmax over an input of variable length: how many " +
        "positions of padding count is unknown",
    );
  }
  return {
    image: checkImage(image, branch),
    words,
    ...below,
    steps,
    kind: known.kind,
    softmaxOver: known.kind === "weighted" ? positions : null,
    pooling: reduction?.pooling ?? "sum",
    notes: [...notes, ...found!.notes],
  };
}

/** Keras' own layer, which masks the padding. */
function keras(layer: KerasLayer, branch: ImageBranch) {
  expectSetting(layer, "use_scale", false, null);
  expectSetting(layer, "score_mode", "dot", null);
  expectSetting(layer, "causal", false, null);
  const [image, words, key] = layer.inputs;
  if (layer.inputs.length < 2 || (key !== undefined && key !== words)) {
    throw refused(layer, "takes other inputs than the image's steps and the words' states");
  }
  const below = wordsBelow(words);
  return {
    image: checkImage(image, branch),
    words,
    ...below,
    kind: "weighted",
    softmaxOver: null,
  } as const;
}

/**
 * The image's states: the softmax is over their dot products with the words' states. For a plain sum
 * it does not matter which of the two the softmax runs over.
 */
function queriesOf(
  softmax: KerasLayer,
  words: KerasLayer,
  contraction: KerasLayer,
  kind: Attention["kind"],
): KerasLayer {
  if (softmax.className === "Softmax") expectSetting(softmax, "axis", -1, 2, null);
  else {
    expectClass(softmax, "above the dot products there", "Activation", "Softmax");
    expectSetting(softmax, "activation", "softmax");
  }
  const dot = onlyInput(softmax);
  if (readContraction(dot)?.equation !== "abc,adc->abd") {
    throw refused(dot, "does not fit: dot products over the features are expected there");
  }
  const [first, second] = dot.inputs;
  if (second === words) return first;
  if (first === words && kind === "sum") return second;
  throw refused(
    contraction,
    `weights "${words.name}" by a softmax over the states of "${second.name}"`,
  );
}

function wordsBelow(words: KerasLayer): { embedding: Embedding; dropout: number } {
  expectClass(words, "the states that are weighted there", "Bidirectional");
  const { layer, rate, losesMask } = passLayers(onlyInput(words));
  const embedding = readEmbedding(layer, words);
  if (!embedding.masked || losesMask) {
    throw refused(
      layer,
      `${
        losesMask
          ? "masks padding, but the mask is lost above it"
          : "does not mask padding (mask_zero is false)"
      }, so that the LSTMs read the padding as words, which bilstm_dot does not do`,
    );
  }
  return { embedding, dropout: rate };
}

function checkImage(layer: KerasLayer, branch: ImageBranch): KerasLayer {
  expectClass(layer, "the image's side of the attention there", "Bidirectional");
  const repeat = onlyInput(layer);
  expectClass(repeat, "below the image's LSTMs there", "RepeatVector");
  if (onlyInput(repeat) !== branch.dense.layer) {
    throw refused(repeat, "repeats something other than the image's vector that is joined");
  }
  return layer;
}

/** How many times the image's vector is repeated. */
function stepsOf(context: KerasLayer, image: KerasLayer): number {
  const seen = new Set<KerasLayer>([context]);
  for (const layer of seen) {
    if (layer.className === "RepeatVector" && layer.inputs[0] === image) return sizeOf(layer, "n");
    layer.inputs.forEach((input) => seen.add(input));
  }
  throw refused(
    context,
    `does not fit: nothing below it repeats the image's vector "${image.name}", so it is not an attention of the image`,
  );
}
