import { z } from "zod";
import { networkSettings, onnxSettings } from "../encoders/mod.ts";
import { featureSettings } from "../features/mod.ts";
import { imageSettings } from "../images/mod.ts";

const ofPhotos = {
  features: featuresFile(
    "file of features computed elsewhere (Keras' features.pkl, .npy, .npz, HDF5), used by photo " +
      "name instead of encoding the photos",
  ),
  ...imageSettings.shape,
  ...featureSettings.shape,
};

const [first, ...others] = networkSettings.options.map((network) => network.extend(ofPhotos));

/**
 * A network that encodes photos: which one, how photos reach it, and how features are stored. One
 * flat object, since to whoever writes a config its keys belong together.
 *
 * @internal
 */
export const encoderSettings = z.discriminatedUnion("kind", [
  first,
  ...others,
  onnxSettings.extend(ofPhotos),
]);

const { precision, shardSize } = featureSettings.shape;

/** No network: features that were made elsewhere, by whatever encoder. */
const givenFeatures = z.strictObject({
  kind: z.literal("features").describe("features that were made elsewhere; photos are not read"),
  features: featuresFile(
    "file of features by photo name (Keras' features.pkl, .npy, .npz, HDF5), of any shape",
  ),
  precision,
  shardSize,
});

/**
 * The config's part `encoder`: a network, or features that were made elsewhere.
 *
 * @internal
 */
export const configEncoderSettings = z.discriminatedUnion("kind", [
  ...encoderSettings.options,
  givenFeatures,
]);

/** A network that encodes photos, how they reach it, and how features are stored. */
export type NetworkEncoder = z.infer<typeof encoderSettings>;

/** The config's part `encoder`: a network, or features that were made elsewhere. */
export type ConfigEncoder =
  | NetworkEncoder
  | Pick<NetworkEncoder, "features" | "precision" | "shardSize"> & { kind: "features" };

/**
 * The network that encodes photos: up to the layers that are trained with the decoder, if there are any.
 *
 * @throws {RangeError} if there is none, since features were made elsewhere
 */
export function networkOf(encoder: ConfigEncoder): NetworkEncoder {
  if (encoder.kind !== "features") return frozenPart(encoder as NetworkEncoder);
  if (encoder.features !== undefined) {
    throw new RangeError(
      `The features come from ${encoder.features}, and no encoder reads photos: notebook 4 and ` +
        "`deno task features` copy them from there, and another encoder.kind reads photos",
    );
  }
  throw new RangeError(
    'The encoder kind "features" cannot read photos: name a file that has their features by photo ' +
      "name, --encoder.features=FILE, or an encoder, --encoder.kind=",
  );
}

function frozenPart(encoder: NetworkEncoder): NetworkEncoder {
  if (!("fineTune" in encoder) || encoder.fineTune === undefined) return encoder;
  const { fineTune, ...network } = encoder;
  return { ...network, layer: fineTune.after };
}

function featuresFile(description: string) {
  return z.string().min(1).optional().describe(description).meta({ path: "any" });
}
