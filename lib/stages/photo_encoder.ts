import { type Config, type NetworkEncoder, networkOf } from "../config/mod.ts";
import { type EncoderOptions, LazyEncoder } from "../encoders/mod.ts";
import type { Run } from "../run/mod.ts";
import { checkEncoder } from "./check_encoder.ts";
import { checkNetwork, encoderGiving, shapeText } from "./check_features.ts";
import { inTrainedArithmetic } from "./trained_arithmetic.ts";

/** The network by which a run encodes any photo. */
export interface PhotoEncoder {
  /** Loads its weights with the first photo; those of equal keys give equal features. */
  encoder: LazyEncoder;
  /** Which it is, and how photos reach it. */
  settings: NetworkEncoder;
}

/**
 * Checks, before the engine starts and anything is loaded, that a run is trained and has a network
 * that encodes any photo.
 *
 * @throws {RangeError} if its features were made elsewhere, or its encoder's have another shape
 * @throws {Error} if it is not trained to its end
 */
export async function checkPhotoRun(run: Run): Promise<void> {
  await networkOfRun(run, await run.readConfig());
}

/**
 * The network by which a run encodes any photo, checked against its training.
 *
 * @throws {RangeError} if the run has none, since its features were made elsewhere
 * @throws {Error} if the encoder's weights are not those of the training
 */
export async function photoEncoder(
  run: Run,
  config: Config,
  options: EncoderOptions,
): Promise<PhotoEncoder> {
  const training = await run.readTraining();
  const settings = inTrainedArithmetic(await networkOfRun(run, config), training);
  const encoder = await LazyEncoder.of(settings, {
    ...options,
    kernels: () => training.oneDnn,
  });
  checkEncoder(encoder, settings, training, options);
  return { encoder, settings };
}

async function networkOfRun(run: Run, config: Config): Promise<NetworkEncoder> {
  const { featureShape } = await run.readTraining();
  const given = encoderGiving(config.encoder, featureShape);
  if (given.kind === "features") {
    throw new RangeError(
      `${run.folder} cannot caption just any photo, since its features of the shape ` +
        `${shapeText(featureShape)} were made elsewhere, by no encoder that is known here: ` +
        "`deno task caption --encoder.features=FILE` captions photos that a file has features of",
    );
  }
  checkNetwork(given, { featureShape, name: run.folder });
  return networkOf(given);
}
