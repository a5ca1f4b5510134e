import { z } from "zod";

const monitor = z.string().min(1).default("val_loss").describe(
  "the figure of an epoch that is watched, such as val_loss, loss or val_bleu-4",
);
const mode = z.enum(["auto", "min", "max"]).default("auto").describe(
  "which way that figure gets better; auto tells it from the name",
);

/**
 * Settings of ModelCheckpoint.
 *
 * @internal
 */
export const checkpointSettings = z.strictObject({
  monitor,
  mode,
  saveBestOnly: z.boolean().default(false).describe(
    "write no last.safetensors; an interrupted training then starts anew",
  ),
  initialValueThreshold: z.number().nullable().default(null).describe(
    "only what beats this value is kept as a first best",
  ),
});

/** Settings of EarlyStopping. */
export const earlyStoppingSettings = z.strictObject({
  monitor,
  mode,
  minDelta: z.number().min(0).default(0).describe("a smaller change is no improvement"),
  patience: z.int().min(0).default(3).describe("epochs without improvement before training stops"),
  baseline: z.number().nullable().default(null).describe(
    "training stops where this value is not beaten within the patience",
  ),
  startFromEpoch: z.int().min(0).default(0).describe("epochs before this one are not looked at"),
  restoreBestWeights: z.boolean().default(true).describe(
    "end training, stopped or not, with the best epoch's weights",
  ),
});

/** Settings of ReduceLROnPlateau. */
export const reduceLearningRateSettings = z.strictObject({
  monitor,
  mode,
  factor: z.number().gt(0).lt(1).default(0.5).describe("what the learning rate is multiplied by"),
  patience: z.int().min(0).default(2).describe("epochs without improvement before a reduction"),
  minDelta: z.number().min(0).default(1e-4).describe("a smaller change is no improvement"),
  cooldown: z.int().min(0).default(0).describe("epochs after a reduction that are not counted"),
  minLearningRate: z.number().min(0).default(0).describe("the rate is never reduced below this"),
});

/** The fields that callbacks bring to the training settings; spread them into its object. */
export const callbackSettings = {
  checkpoint: checkpointSettings.prefault({}).describe("which epochs are kept"),
  earlyStopping: z.union([z.literal(false), earlyStoppingSettings]).default(false).describe(
    "stop when a figure no longer improves; false: never",
  ),
  reduceLearningRate: z.union([z.literal(false), reduceLearningRateSettings]).default(false)
    .describe("lower the learning rate when a figure no longer improves; false: never"),
  tensorBoard: z.boolean().default(false).describe("write TensorBoard event files to the run"),
  terminateOnNaN: z.boolean().default(true).describe(
    "fail at the first loss that is no finite number",
  ),
};
