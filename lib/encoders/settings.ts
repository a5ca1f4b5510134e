import { z } from "zod";
import type { ImageSettings } from "../images/mod.ts";
import type { Architecture } from "./architectures/architecture.ts";
import type { OnnxSettings } from "./onnx/settings.ts";
import { architectures } from "./architectures/registry.ts";

const fineTune = z.strictObject({
  after: z.string().min(1).describe(
    "Keras' name of a layer: those after it, up to encoder.layer, are trained with the decoder, batch " +
      "norms as they are for captioning; its output is what is cached of a photo",
  ),
  learningRate: z.number().min(0).default(1e-5).describe(
    "Adam's step size for these layers, which schedules change as they change " +
      "training.learningRate; 0: they stay as the run of training.from has them",
  ),
}).optional().describe(
  "the last layers are trained too, from a trained run (training.from); absent: none",
);

/**
 * Which network, its weights, and where it is cut.
 *
 * @internal
 */
export const networkSettings = z.discriminatedUnion(
  "kind",
  Object.values(architectures).map(settingsOf) as [
    ReturnType<typeof settingsOf>,
    ...ReturnType<typeof settingsOf>[],
  ],
);

/** Which network, its weights, and where it is cut. */
export type NetworkSettings = z.infer<typeof networkSettings>;

/** How photos reach a network, and how their features are stored. */
export type PhotoSettings = Pick<ImageSettings, "fit" | "kernel"> & {
  /** Numbers of a feature as they are stored. */
  precision: "float32" | "float16";
};

/** Everything that decides a feature's value, for a network that TF.js computes. */
export type PlannedSettings = NetworkSettings & PhotoSettings;

/** Everything that decides a feature's value: the network, how photos reach it, how it is stored. */
export type EncoderSettings = PlannedSettings | OnnxSettings & PhotoSettings;

function settingsOf(architecture: Architecture) {
  const { kind, defaultLayer, defaultImageSize, smallestImageSize, builtin } = architecture;
  const weights = builtin === undefined
    ? { standard: "imagenet", words: '"imagenet" (downloads the published ones), "random"' }
    : { standard: "builtin", words: '"builtin" (they come with Showtell), "random"' };
  return z.strictObject({
    kind: z.literal(kind).describe("network that turns photos into features"),
    weights: z.string().min(1).default(weights.standard).describe(
      `${weights.words}, or a file: Keras' .h5, .weights.h5 or .keras, TF.js' model.json, torch's legacy .pth`,
    ).meta({ path: ["imagenet", "builtin", "random"] }),
    weightsUrl: z.url().optional().describe(
      'folder from which "imagenet" is downloaded, instead of the one that Keras uses',
    ),
    weightsHosts: z.array(z.string().min(1)).optional().describe(
      "further hosts that weightsUrl may redirect to; with their port (localhost:8000), also on " +
        "this machine or in a private network",
    ),
    layer: z.string().min(1).default(defaultLayer).describe(
      "Keras' name of the layer whose output is the feature; those without a name of their own " +
        "are counted as in a new Python process: conv2d, conv2d_1",
    ),
    imageSize: z.int().min(smallestImageSize).max(2048).default(defaultImageSize).describe(
      "photos are brought to so many pixels a side",
    ),
    arithmetic: z.enum(["float32", "bfloat16", "auto"]).default("float32").describe(
      "numbers that convolutions and dense layers multiply; bfloat16 keeps 3 digits and is several " +
        "times faster on processors and GPUs made for it, auto takes it on those alone",
    ),
    seed: z.int().min(0).default(1).describe('seed of "random" weights'),
    fineTune,
  });
}
