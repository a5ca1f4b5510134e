import { z } from "zod";

const warmupSteps = z.int().min(0).default(0).describe(
  "first steps of training, over which the rate rises evenly to what it is without them",
);

/**
 * How the learning rate changes with the step, as part of the training settings.
 *
 * @internal
 */
export const learningRateSchedule = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("constant"), warmupSteps }),
  z.strictObject({
    kind: z.literal("exponential"),
    warmupSteps,
    decay: z.number().positive().max(1).describe(
      "what the rate is multiplied by from one epoch to the next",
    ),
  }),
  z.strictObject({
    kind: z.literal("cosine"),
    warmupSteps,
    epochs: z.int().min(1).describe("epochs over which the rate falls; after them it stays"),
    final: z.number().min(0).max(1).default(0).describe(
      "the share of training.learningRate that it falls to",
    ),
  }),
]).optional().describe(
  "what training.learningRate is multiplied by, by step; absent: it stays as it is",
);

/** A schedule of the training settings; undefined: none. */
export type LearningRateSchedule = z.infer<typeof learningRateSchedule>;

/** What the learning rate is multiplied by in a step. */
export type RateFactor = (
  /** Counted from 0. */
  epoch: number,
  /** Steps of the whole training before it. */
  step: number,
) => number;

/**
 * The factors of a schedule. They follow from the position alone, so that a resumed training has those
 * of an undisturbed one; what `ReduceLROnPlateau` takes off the rate they are multiplied by stays off.
 *
 * The cosine is that of Loshchilov and Hutter (2017) without restarts: half a period from the end of
 * the warm-up to the last step of its epochs.
 *
 * @param stepsPerEpoch of this training
 * @throws {RangeError} if the warm-up takes longer than the epochs of the cosine
 */
export function rateFactor(schedule: LearningRateSchedule, stepsPerEpoch: number): RateFactor {
  if (schedule === undefined) return () => 1;
  const { warmupSteps } = schedule;
  const warmup = (step: number) => Math.min(1, (step + 1) / Math.max(1, warmupSteps));
  if (schedule.kind === "constant") return (_, step) => warmup(step);
  if (schedule.kind === "exponential") {
    return (epoch, step) => warmup(step) * schedule.decay ** epoch;
  }
  const { epochs, final } = schedule;
  const steps = epochs * stepsPerEpoch;
  if (warmupSteps >= steps) {
    throw new RangeError(
      `training.learningRateSchedule.warmupSteps is ${warmupSteps}, but its ${epochs} epochs have ` +
        `${steps} steps: set fewer of warm-up, or more epochs`,
    );
  }
  return (_, step) => {
    const share = Math.min(1, Math.max(0, (step - warmupSteps) / (steps - warmupSteps)));
    return warmup(step) * (final + (1 - final) * (1 + Math.cos(Math.PI * share)) / 2);
  };
}
