import { type ConfigEncoder, type NetworkEncoder, networkOf } from "../config/mod.ts";
import { architectures, createEncoder, featureShapeOf, isOnnx } from "../encoders/mod.ts";
import { openFeaturesFile } from "../interchange/mod.ts";

/** A decoder that is there already, and what features it takes. */
export interface FeatureTaker {
  /** Shape of one photo's feature. */
  featureShape: readonly number[];
  /** Its run or file, for messages. */
  name: string;
}

/**
 * Checks, before any work and any download, that a decoder gets features of the shape it takes.
 *
 * @param encoder features come from its file if it names one, otherwise from its network
 * @throws {RangeError} naming both shapes, or if features come from nowhere
 * @throws {Error} if the file of features cannot be read
 */
export async function checkFeatures(encoder: ConfigEncoder, taker: FeatureTaker): Promise<void> {
  const { features } = encoder;
  if (features === undefined) return checkNetwork(encoder, taker);
  checkFileShape(features, await featureShapeIn(encoder), taker);
}

/**
 * The same of an open file of features.
 *
 * @throws {RangeError} naming both shapes
 */
export function checkFileShape(
  features: string,
  shape: readonly number[],
  taker: FeatureTaker,
): void {
  if (isShape(shape, taker.featureShape)) return;
  throw new RangeError(
    `${features} has features of the shape ${shapeText(shape)}, but ${taker.name} takes ` +
      `${shapeText(taker.featureShape)}: take the features that it was trained with`,
  );
}

/**
 * Shape of the features that the config's data set will have: from its file if it names one,
 * otherwise from its network, without its weights.
 *
 * @throws {RangeError} if features come from nowhere, or there is no such layer
 * @throws {Error} if the file of features cannot be read
 */
export async function featureShapeIn(encoder: ConfigEncoder): Promise<readonly number[]> {
  if (encoder.features === undefined) {
    const network = networkOf(encoder);
    return networkShape(network) ?? await shapeByLoading(network);
  }
  using file = await openFeaturesFile(encoder.features);
  return file.featureShape;
}

/**
 * The same of the network that encodes photos, whether or not a file has features of some.
 *
 * @param otherwise what may be done instead of choosing another encoder, as the end of a sentence
 * @throws {RangeError} naming both shapes, or if there is no network
 */
export function checkNetwork(
  encoder: ConfigEncoder,
  taker: FeatureTaker,
  otherwise = "--encoder.kind=features --encoder.features=FILE, which takes them from a file",
): void {
  if (encoder.kind === "features") throw cannotReadPhotos(taker);
  const network = networkOf(encoder);
  const shape = networkShape(network);
  if (shape === undefined) return;
  if (isShape(shape, taker.featureShape)) return;
  throw new RangeError(
    `The encoder ${network.kind}, layer ${network.layer}, gives features of the shape ` +
      `${shapeText(shape)}, but ${taker.name} takes ${shapeText(taker.featureShape)}: set ` +
      `--encoder.kind= and --encoder.layer=, or ${otherwise}`,
  );
}

/**
 * What gives features to a run: the config's encoder, or its file alone where the network's features
 * have another shape than the file's, which the run was trained with.
 */
export function encoderGiving(
  encoder: ConfigEncoder,
  featureShape: readonly number[],
): ConfigEncoder {
  const { kind, features, precision, shardSize } = encoder;
  if (kind === "features" || features === undefined) return encoder;
  const shape = networkShape(networkOf(encoder));
  return shape === undefined || isShape(shape, featureShape)
    ? encoder
    : { kind: "features", features, precision, shardSize };
}

/** Shape of the features that a config asks for; undefined where only a file tells it. */
export function knownFeatureShape(encoder: ConfigEncoder): number[] | undefined {
  if (encoder.kind === "features" || encoder.features !== undefined) return undefined;
  return networkShape(networkOf(encoder));
}

/** The sentence of a run that has no network of its own, and no file of features. */
function cannotReadPhotos({ name, featureShape }: FeatureTaker): RangeError {
  return new RangeError(
    `${name} cannot read photos, since its features of the shape ${shapeText(featureShape)} were ` +
      "made elsewhere: name a file that has the photos' features by name, --encoder.features=FILE",
  );
}

/** `[7, 7, 512]` */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** Undefined where only the network itself tells it; its key is compared when it is loaded. */
function networkShape(network: NetworkEncoder): number[] | undefined {
  if (isOnnx(network)) return undefined;
  return featureShapeOf(architectures[network.kind], network);
}

async function shapeByLoading(network: NetworkEncoder): Promise<number[]> {
  const encoder = await createEncoder(network);
  encoder.dispose();
  return encoder.featureShape;
}

function isShape(one: readonly number[], other: readonly number[]): boolean {
  return String(one) === String(other);
}
