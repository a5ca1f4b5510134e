import * as tf from "@tensorflow/tfjs";
import { Captioner, type Captions } from "../../../lib/captioner/mod.ts";
import { encoderSettings } from "../../../lib/config/mod.ts";
import { decodingSettings } from "../../../lib/decoding/mod.ts";
import type { ExportedRun } from "../../../lib/interchange/mod.ts";
import { createDecoder, DecoderRows, modelSettings } from "../../../lib/models/mod.ts";
import { Random } from "../../../lib/random/mod.ts";
import { fitTokenizer, textSettings } from "../../../lib/text/mod.ts";

/** Every layer that a decoder can be made of, at least once. */
export const variants: Record<string, Record<string, unknown>> = {
  merge: { kind: "merge", l2: 0.01 },
  merge_scaled: { kind: "merge", imageScale: "l2", imageDropout: 0, outputDropout: 0.3 },
  merge_mean_square: { kind: "merge", imageScale: "meanSquare", wordDropout: 0 },
  attention: { kind: "bilstm_dot", imageSteps: 4 },
  padded_softmax: { kind: "bilstm_dot", imageSteps: 3, softmaxOver: 9, pooling: "mean" },
  plain_sum: { kind: "bilstm_dot", imageSteps: 3, attention: "sum" },
  plain_mean: { kind: "bilstm_dot", imageSteps: 5, attention: "sum", pooling: "mean" },
};

/** Decoders that TF.js has no layers for: in a page they caption all the same. */
export const withoutLayers: Record<string, Record<string, unknown>> = {
  init_inject: { kind: "init_inject", units: 8 },
  par_inject: { kind: "par_inject", cell: "gru", layers: 2, recurrentActivation: "hard_sigmoid" },
  reads_front: { kind: "merge", padding: { positions: 9, side: "front" } },
};

/** A run of random weights, biases included. */
export function madeRun(settings: Record<string, unknown>, width: number): ExportedRun {
  const tokenizer = fitTokenizer(
    ["a red circle on grass", "a blue square", "two red squares near a circle"],
    textSettings.parse({}),
  );
  const model = modelSettings.parse({
    embedding: 4,
    units: 5,
    ...(settings.kind === "init_inject" ? {} : { dense: 8 }),
    ...settings,
  });
  const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape: [width] };
  const weights = createDecoder(model, inputs).initialWeights(1);
  const random = new Random(4, "export", "weights");
  for (const { shape, data } of weights.values()) {
    data.forEach((x, i) => data[i] = x + (shape.length > 1 ? 0.7 : 0.2) * random.normal());
  }
  return {
    name: "made",
    description: "Made by a test",
    model,
    weights,
    tokenizer,
    featureShape: [width],
    encoder: encoderSettings.parse({ kind: "shapes_cnn" }),
    decoding: decodingSettings.parse({ beam: 1, maxLength: 8 }),
    evaluations: { "shapes-test": { photos: 3, signature: "bleu|v:1", scores: { "bleu-1": 0.5 } } },
  };
}

/** Probabilities of the next word after each prefix of some words. */
export function probabilities(
  { model, weights, tokenizer, featureShape }: ExportedRun,
  feature: Float32Array,
  words: readonly number[],
): Float32Array[] {
  const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape };
  const decoder = createDecoder(model, inputs);
  return tf.tidy(() => {
    const tensors = new Map(
      [...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, shape) as tf.Tensor]),
    );
    const rows = new DecoderRows(decoder, tensors, tf.tensor(feature, [1, ...featureShape]));
    return words.map((word) => {
      const next = rows.read([word], (step) => step);
      return tf.softmax(next.logits).dataSync() as Float32Array;
    });
  });
}

/** A run's captions of one photo, made by this project's own code. */
export async function ownCaptions(
  { model, weights, tokenizer, featureShape, decoding }: ExportedRun,
  feature: Float32Array,
): Promise<Captions> {
  const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape };
  const decoder = createDecoder(model, inputs);
  const captioner = new Captioner({ decoder, weights, tokenizer, featureShape, decoding });
  try {
    return (await captioner.captionFeatures(feature, 1))[0];
  } finally {
    captioner.dispose();
  }
}

/** The most probable first word, markers included. */
export function firstWord(run: ExportedRun, feature: Float32Array): string {
  const [p] = probabilities(run, feature, [run.tokenizer.start]);
  return run.tokenizer.words[p.indexOf(Math.max(...p))].word;
}

/** The most probable word after each prefix, one by one, markers but the end left out. */
export function greedyCaption(run: ExportedRun, feature: Float32Array): string {
  const { tokenizer, decoding } = run;
  const caption = [tokenizer.start];
  while (caption.length <= decoding.maxLength) {
    const p = probabilities(run, feature, caption).at(-1)!;
    for (const index of tokenizer.markerIndices) if (index !== tokenizer.end) p[index] = 0;
    const word = p.indexOf(Math.max(...p));
    if (word === tokenizer.end) break;
    caption.push(word);
  }
  return tokenizer.decode(caption).join(" ");
}

/** Largest difference of the logarithms: that of the logits, up to a constant. */
export function logDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    largest = Math.max(largest, Math.abs(Math.log(a[i]) - Math.log(b[i])));
  }
  return a.length === b.length ? largest : NaN;
}
