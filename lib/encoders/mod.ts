/**
 * Pixels to features: VGG16, MobileNetV2, Xception, InceptionV3, ResNet50, and a small network for
 * the default data set.
 *
 * @module
 */
export {
  createEncoder,
  type EncoderOptions,
  type LoadedNetwork,
  loadNetwork,
} from "./create_encoder.ts";
export { EncoderWhenNeeded } from "./encoder_when_needed.ts";
export * from "./networks.ts";
export { type EncoderSettings, encoderSettings } from "./settings.ts";
