import type { ConfigEncoder } from "../config/mod.ts";
import { encoderKeyOf, Run } from "../run/mod.ts";
import { checkFeatures, encoderGiving, featureShapeIn, shapeText } from "./check_features.ts";
import { checkTunedStart } from "./check_fine_tuning.ts";
import { type Experiment, reachable } from "./experiment.ts";
import { tunedCut } from "./tuned_layers.ts";
import { inTrainedArithmetic } from "./trained_arithmetic.ts";

/**
 * Checks before any work that the features of the config's data set can be had, and that they are of
 * the shape of the run that training starts from.
 *
 * @throws {RangeError} naming both shapes, or if features come from nowhere, or photos are to be
 * flipped whose features come from a file
 * @throws {Error} if the file of features cannot be read, or the run is not trained to its end
 */
export async function checkDatasetFeatures(
  { config: { encoder, training }, say }: Pick<Experiment, "config" | "say">,
): Promise<void> {
  if (training.augmentPhotos !== undefined && encoder.features !== undefined) {
    throw new RangeError(
      `training.augmentPhotos encodes photos in every step, but the features come from ` +
        `${encoder.features}: leave one of the two out`,
    );
  }
  if (training.flipPhotos && encoder.features !== undefined) {
    throw new RangeError(
      `training.flipPhotos is true, but the features come from ${encoder.features}, which has none ` +
        "of flipped photos: set --training.flipPhotos=false, or no encoder.features",
    );
  }
  if (training.from !== undefined) {
    const from = new Run(training.from);
    await checkTunedStart({ encoder }, from);
    if (tunedCut(encoder) !== undefined) return;
    const { featureShape } = await from.readTraining();
    await checkFeatures(encoder, { featureShape, name: training.from });
    return;
  }
  const shape = await featureShapeIn(encoder);
  if (encoder.kind !== "features" && encoderGiving(encoder, shape).kind === "features") {
    say(
      `${encoder.features} has features of the shape ${
        shapeText(shape)
      }, which ${encoder.kind} does ` +
        "not give: the run will caption photos that the file names, and cannot read others " +
        "(--encoder.kind=features says so in the config)",
    );
  }
}

/**
 * Where features of the config's data set come from when a trained run is evaluated: the run's own
 * encoder, or the file that the config names; checked before any work.
 *
 * @throws {RangeError} naming both shapes, or if features come from nowhere
 * @throws {Error} if the file of features cannot be read
 */
export async function checkRunFeatures(experiment: Experiment, run: Run): Promise<ConfigEncoder> {
  const own = reachable(experiment, await run.readConfig()).encoder;
  const features = experiment.config.encoder.features ?? own.features;
  const training = await run.readTraining();
  const encoder = inTrainedArithmetic(
    { ...own, ...features === undefined ? {} : { features } },
    training,
  );
  await checkFeatures(encoder, { featureShape: training.featureShape, name: run.folder });
  if (features !== own.features && encoderKeyOf(training) !== null) {
    experiment.say(
      `Features are taken from ${features}: whether the encoder that ${run.folder} was trained with ` +
        `(${training.encoderKey}) made them cannot be checked`,
    );
  }
  return encoder;
}
