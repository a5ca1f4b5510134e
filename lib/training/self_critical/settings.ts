import { z } from "zod";

/** How captions are sampled and rewarded. */
export interface SelfCriticalSettings {
  /** Captions sampled of each photo, 2 or more: each is compared with the others. @default {5} */
  samples: number;
  /** Photos in one step. @default {32} */
  photos: number;
  /** Most words of a sampled caption. @default {20} */
  maxLength: number;
  /** What the reward counts CIDEr-D by, which is from 0 to 10. @default {1} */
  ciderWeight: number;
  /** What it counts the sentence's BLEU-4 by, which is from 0 to 1. @default {0.5} */
  bleuWeight: number;
  /** Whether gradients are taken with the decoder's dropout; captions are sampled without. @default {false} */
  dropout: boolean;
}

/**
 * Schema of {@linkcode SelfCriticalSettings}.
 *
 * @internal
 */
export const selfCriticalSettings = z.strictObject({
  samples: z.int().min(2).max(100).default(5).describe(
    "captions sampled of each photo; the mean reward of the others is what each has to beat",
  ),
  photos: z.int().min(1).max(100_000).default(32).describe("photos in one step"),
  maxLength: z.int().min(1).max(1000).default(20).describe("most words of a sampled caption"),
  ciderWeight: z.number().min(0).default(1).describe(
    "weight of CIDEr-D in the reward, 0 to 10 a caption; document frequencies are those of the train " +
      "captions",
  ),
  bleuWeight: z.number().min(0).default(0.5).describe(
    "weight of the caption's own BLEU-4 in the reward, 0 to 1 (smoothed: one match and one n-gram " +
      "more from n = 2 on)",
  ),
  dropout: z.boolean().default(false).describe(
    "whether gradients are taken with the decoder's dropout; captions are sampled without",
  ),
}).refine(({ ciderWeight, bleuWeight }) => ciderWeight + bleuWeight > 0, {
  path: ["ciderWeight"],
  message: "without it and without bleuWeight every caption has the reward 0: set one above 0",
}).optional().describe(
  "training for the metric, from a trained run (training.from): captions are sampled, and those that " +
    "score better than the photo's others become more probable; an epoch sees each photo once; absent: " +
    "cross-entropy",
);
