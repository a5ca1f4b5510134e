import { z } from "zod";
import { callbackSettings } from "./callbacks/registry.ts";
import { learningRateSchedule } from "./learning_rate_schedule.ts";
import { scheduledSampling } from "./scheduled_sampling.ts";
import { weightAveraging } from "./weight_average.ts";

/**
 * The `training` part of a config.
 *
 * @internal
 */
export const trainingSettings = z.strictObject({
  epochs: z.int().min(1).default(20).describe("times that every train caption is seen, at most"),
  batchSize: z.int().min(1).max(1_000_000).default(64).describe("captions in one step"),
  learningRate: z.number().positive().default(1e-3).describe("Adam's step size"),
  learningRateSchedule,
  labelSmoothing: z.number().min(0).lt(1).default(0).describe(
    "share of the training loss that all words of the vocabulary have alike instead of the next " +
      "word alone; val_loss is without it, and so not to be compared with loss",
  ),
  weightAveraging,
  scheduledSampling,
  clipNorm: z.number().positive().nullable().default(5).describe(
    "gradients are scaled down to this norm over all weights; null: never",
  ),
  groupByLength: z.boolean().default(true).describe(
    "captions of similar length go into one batch, so that little padding is computed",
  ),
  photosTogether: z.boolean().default(false).describe(
    "all captions of a photo go into one step, so that a decoder that looks at a grid projects it " +
      "once for all of them; steps are of about batchSize captions then",
  ),
  flipPhotos: z.boolean().default(false).describe(
    "cache each train photo's mirror image too, and see one of the two in an epoch, by chance; " +
      "validation and decoding see photos as they are",
  ),
  augmentPhotos: z.strictObject({
    scale: z.number().min(1).max(4).default(1.15).describe(
      "photos are decoded at so many times encoder.imageSize, and a square of that size is cut out of " +
        "each at random",
    ),
    flip: z.boolean().default(true).describe("half of them are mirrored"),
  }).optional().describe(
    "each train photo is decoded, changed at random and encoded again in every step that sees it, " +
      "which is slow without a GPU; absent: its cached feature is taken",
  ),
  maxActivations: z.int().min(1).default(32_000_000).describe(
    "numbers that a step keeps for its gradients at most, roughly; with what is computed from " +
      "them some 16 bytes each; a larger batch is cut into parts and learned from all the same",
  ),
  epochWords: z.literal("photos").nullable().default(null).describe(
    'null: an epoch is all train captions; "photos": it ends after as many words as there are ' +
      "train photos, as where a published notebook counts steps in photos and batches in words",
  ),
  arithmetic: z.enum(["float32", "bfloat16", "auto"]).default("float32").describe(
    "numbers that the large matrix products of a step multiply; bfloat16 keeps 3 digits, and " +
      "processors and GPUs made for it multiply it several times faster, auto takes it on those " +
      "alone; weights, loss and sums are float32 in any case",
  ),
  from: z.string().min(1).optional().describe(
    "run whose best weights training starts from, with its tokenizer (option --from)",
  ).meta({ path: "any" }),
  wordVectors: z.string().min(1).optional().describe(
    "file of word vectors as wide as the embedding, which start there: GloVe's text or fastText's " +
      ".vec; model.trainEmbedding says whether training changes them",
  ).meta({ path: "any" }),
  seed: z.int().min(0).default(1).describe("what weights, order and dropout are drawn from"),
  ...callbackSettings,
}).superRefine((settings, context) => {
  const { epochs, learningRateSchedule: schedule, weightAveraging: average } = settings;
  if (settings.wordVectors !== undefined && settings.from !== undefined) {
    context.addIssue({
      code: "custom",
      path: ["wordVectors"],
      message: `training.from takes all weights from ${settings.from}: leave one of the two out`,
    });
  }
  if (average?.kind === "epochs" && average.startFromEpoch >= epochs) {
    context.addIssue({
      code: "custom",
      path: ["weightAveraging", "startFromEpoch"],
      message: `training.epochs is ${epochs}, so that nothing would be averaged: set it lower`,
    });
  }
  if (settings.augmentPhotos !== undefined && settings.flipPhotos) {
    context.addIssue({
      code: "custom",
      path: ["flipPhotos"],
      message:
        "training.augmentPhotos takes no cached features, and mirrors photos itself: set it to " +
        "false",
    });
  }
  for (const { path, message } of selfCriticalProblems(settings)) {
    context.addIssue({ code: "custom", path, message });
  }
  if (schedule?.kind !== "cosine" || schedule.final > 0 || schedule.epochs >= epochs) return;
  context.addIssue({
    code: "custom",
    path: ["learningRateSchedule", "epochs"],
    message: `the rate is 0 after them, but training.epochs is ${epochs}: set both alike, or ` +
      "training.learningRateSchedule.final above 0",
  });
});

/** What does not go together with `selfCritical`. */
function selfCriticalProblems(
  {
    selfCritical,
    from,
    labelSmoothing,
    epochWords,
    augmentPhotos,
    scheduledSampling,
  }: {
    selfCritical?: unknown;
    from?: string;
    labelSmoothing: number;
    epochWords: string | null;
    augmentPhotos?: unknown;
    scheduledSampling?: unknown;
  },
): { path: string[]; message: string }[] {
  if (selfCritical === undefined) return [];
  const problem = (isOne: boolean, path: string, message: string) =>
    isOne ? [{ path: [path], message }] : [];
  return [
    ...problem(
      from === undefined,
      "selfCritical",
      "it improves a trained run: name one by training.from (option --from)",
    ),
    ...problem(
      labelSmoothing > 0,
      "labelSmoothing",
      "sampled captions have no labels to smooth: set it to 0, or no training.selfCritical",
    ),
    ...problem(
      augmentPhotos !== undefined,
      "augmentPhotos",
      "training.selfCritical takes cached features: leave it out",
    ),
    ...problem(
      scheduledSampling !== undefined,
      "scheduledSampling",
      "with training.selfCritical all words are sampled: leave it out",
    ),
    ...problem(
      epochWords !== null,
      "epochWords",
      "with training.selfCritical an epoch is each photo once: set it to null",
    ),
  ];
}

/** The `training` part of a config. */
export type TrainingSettings = z.infer<typeof trainingSettings>;
