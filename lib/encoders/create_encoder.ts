import type * as tf from "@tensorflow/tfjs";
import { type Arithmetic, chooseArithmetic, type FusedOps } from "../nn/mod.ts";
import { digestJson } from "../storage/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { type Architecture, buildModel, checkLayer } from "./architectures/architecture.ts";
import { featureShapeOf } from "./architectures/feature_shape.ts";
import type { Encoder } from "./encoder.ts";
import { chooseKernels, type KernelChoice } from "./choose_kernels.ts";
import { InferencePlan } from "./plan/inference_plan.ts";
import { loadWeights } from "./weights/load_weights.ts";
import { openWeights } from "./weights/open_weights.ts";
import { randomDigest, randomWeights } from "./weights/random_weights.ts";
import { PlannedEncoder } from "./plan/planned_encoder.ts";
import { architectures } from "./architectures/registry.ts";
import { createOnnxEncoder } from "./onnx/create_onnx_encoder.ts";
import { isOnnx } from "./onnx/settings.ts";
import type { EncoderSettings, PlannedSettings } from "./settings.ts";
import type { WeightSource } from "./weights/weight_source.ts";

/** The setting that asks for it. */
const ARITHMETIC = "encoder.arithmetic";

/** Stands in the key of features that were computed in it. */
const BFLOAT16 = "-bfloat16";

/** What an encoder is made with, besides its settings. */
export interface EncoderOptions extends Listener {
  /** Operations of the engine that TF.js itself does not have; the results are the same. */
  fused?: FusedOps;
  /** Its weights, if {@linkcode openEncoderWeights} opens them already; they are closed. */
  source?: Promise<WeightSource | undefined>;
  /** Which of its float32 convolutions oneDNN computes. @default {none was measured} */
  kernels?: KernelChoice;
}

/**
 * Makes the encoder that the settings describe: network, weights, plan.
 *
 * ```ts ignore
 * const engine = await startEngine();
 * const settings = encoderSettings.parse({ kind: "mobilenet_v2" });
 * const encoder = await createEncoder(settings, { fused: engine.fused });
 * const features = await encoder.encode(pixels, 1); // Float32Array of 1,280
 * ```
 *
 * @throws {RangeError} if the layer, the image size or the weights do not go with the network, or the
 * engine does not compute in the arithmetic asked for
 * @throws {SyntaxError} if the file of weights is damaged
 */
export async function createEncoder(
  settings: EncoderSettings,
  { fused, kernels, ...listener }: EncoderOptions = {},
): Promise<Encoder> {
  if (isOnnx(settings)) return await createOnnxEncoder(settings, listener);
  const arithmetic = chooseArithmetic(ARITHMETIC, settings.arithmetic, fused, listener);
  const { model, architecture, key } = await loadNetwork({ ...settings, arithmetic }, listener);
  try {
    const { kind, layer, imageSize } = settings;
    const plan = new InferencePlan(model, fused, arithmetic);
    try {
      if (kernels !== undefined && arithmetic === "float32") {
        const chosen = await chooseKernels(kernels, plan.convolutions, fused, listener);
        if (chosen !== undefined) plan.useOneDnn(chosen);
      }
    } catch (error) {
      plan.dispose();
      throw error;
    }
    return new PlannedEncoder({ kind, layer, imageSize, key }, plan, architecture.preprocessing);
  } finally {
    model.dispose();
  }
}

/**
 * Opens the weights of an encoder, for {@linkcode createEncoder}: no engine is needed for that.
 *
 * @returns undefined where they are drawn for the network, `random`
 * @throws {RangeError} if the layer or the image size does not go with the network, or it has no such
 * weights
 * @throws {SyntaxError} if the file of weights is damaged
 */
export async function openEncoderWeights(
  settings: EncoderSettings,
  options: Listener = {},
): Promise<WeightSource | undefined> {
  if (isOnnx(settings)) return undefined; // onnxruntime opens its file itself
  const architecture = architectures[settings.kind];
  checkLayer(architecture, settings.layer, settings.imageSize);
  if (settings.weights === "random") return undefined;
  return await openWeights(settings, architecture, options);
}

/** The network of an encoder, as it is before a plan is made of it. */
export interface LoadedNetwork {
  /** From the pixels, preprocessed, to the feature, with its weights; the caller disposes of it. */
  model: tf.LayersModel;
  /** What it is. */
  architecture: Architecture;
  /** The encoder's key. */
  key: string;
}

/**
 * The network that the settings describe as a TF.js layers model, with its weights. Its key is that
 * of float32 unless the settings say bfloat16, since nothing is computed.
 *
 * @throws {RangeError} if the layer, the image size or the weights do not go with the network
 * @throws {SyntaxError} if the file of weights is damaged
 */
export async function loadNetwork(
  settings: EncoderSettings,
  { source: opened, ...options }: Listener & Pick<EncoderOptions, "source"> = {},
): Promise<LoadedNetwork> {
  if (isOnnx(settings)) {
    throw new RangeError("The encoder is in an ONNX file, which cannot be made of TF.js' layers");
  }
  const architecture = architectures[settings.kind];
  const model = buildModel(architecture, settings.layer, settings.imageSize);
  try {
    const source = await (opened ?? openEncoderWeights(settings, options)) ??
      randomWeights(settings.kind, settings.seed, model);
    try {
      await loadWeights(model, architecture, source, options);
      return { model, architecture, key: keyOf(architecture, settings, source) };
    } finally {
      source.close();
    }
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** What can be told of an encoder without its weights being loaded. */
export type EncoderIdentity = Omit<Encoder, "encode" | "dispose">;

/**
 * What the encoder of these settings would be: its key asks for the digest of the weights, not
 * for the weights.
 *
 * @throws {RangeError} if the layer or the image size does not go with the network, or the engine does
 * not compute in the arithmetic asked for
 */
export async function identifyEncoder(
  settings: PlannedSettings,
  { fused, onProgress, say }: EncoderOptions = {},
): Promise<EncoderIdentity> {
  const architecture = architectures[settings.kind];
  const { kind, layer, imageSize } = settings;
  const arithmetic = chooseArithmetic(ARITHMETIC, settings.arithmetic, fused, { say });
  const source = await openEncoderWeights(settings, { onProgress, say });
  source?.close();
  const digested = source ?? { digest: randomDigest(settings.seed) };
  const key = keyOf(architecture, { ...settings, arithmetic }, digested);
  const featureShape = featureShapeOf(architecture, { layer, imageSize });
  return { kind, layer, imageSize, featureShape, key, arithmetic };
}

/** Kind and layer, to be read, and a digest of all that decides a feature, its rounding aside. */
function keyOf(
  { kind, preprocessing }: Architecture,
  { layer, imageSize, fit, kernel, precision, arithmetic }: PlannedSettings,
  { digest }: Pick<WeightSource, "digest">,
): string {
  const preprocess = preprocessing.name;
  const decisive = { kind, layer, imageSize, digest, preprocess, fit, kernel, precision };
  const rounding = arithmetic === "bfloat16" ? BFLOAT16 : "";
  return `${kind}-${layer}${rounding}-${digestJson(decisive).slice(0, 16)}`;
}

/** The numbers in which the features of a key were computed. */
export function arithmeticOf(key: string): Arithmetic {
  return withoutArithmetic(key) === key ? "float32" : "bfloat16";
}

/** The key of the same features in float32. */
export function withoutArithmetic(key: string): string {
  return key.replace(new RegExp(`${BFLOAT16}(-[0-9a-f]{16})$`), "$1");
}
