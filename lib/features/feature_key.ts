import type { Encoder } from "../encoders/mod.ts";
import type { ImageSettings } from "../images/mod.ts";
import { digestJson } from "../storage/mod.ts";
import type { FeatureSettings } from "./settings.ts";

/**
 * Name of a cache's folder: encoder and layer to be read, and a digest of all that decides a
 * feature's bits (encoder, its weights, preprocessing, how photos are resampled, precision).
 */
export function featureKey(
  encoder: Pick<Encoder, "kind" | "layer" | "imageSize" | "key">,
  { fit, kernel }: ImageSettings,
  precision: FeatureSettings["precision"],
): string {
  const { kind, layer, imageSize, key } = encoder;
  const digest = digestJson({ key, imageSize, fit, kernel, precision }).slice(0, 16);
  return `${kind}-${layer}-${digest}`.replaceAll(/[^\w.-]/g, "_");
}
