import { z } from "zod";
import { networkSettings } from "../encoders/mod.ts";
import { featureSettings } from "../features/mod.ts";
import { imageSettings } from "../images/mod.ts";

const [first, ...others] = networkSettings.options.map((network) =>
  network.extend({
    features: z.string().min(1).optional().describe(
      "file of features computed elsewhere (Keras' features.pkl, .npy, .npz, HDF5), used by photo " +
        "name instead of encoding the photos",
    ).meta({ path: "any" }),
    ...imageSettings.shape,
    ...featureSettings.shape,
  })
);

/**
 * The config's part `encoder`: which network, how photos reach it, and how features are stored.
 * One flat object, since to whoever writes a config its keys belong together.
 *
 * @internal
 */
export const encoderSettings = z.discriminatedUnion("kind", [first, ...others]);
