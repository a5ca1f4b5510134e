import * as tf from "@tensorflow/tfjs";
import type { Config } from "../config/mod.ts";
import type { Engine } from "../engine/mod.ts";
import type { Run } from "../run/mod.ts";
import { checkNetwork } from "./check_features.ts";
import { tunedCut, tunedLayers, untuned } from "./tuned_layers.ts";

/**
 * Checks before any work what `encoder.fineTune` asks for by itself.
 *
 * @throws {RangeError} if no run is started from, features come from a file, or these layers cannot be
 * trained
 */
export function checkFineTuning(
  { encoder, training: { from } }: Pick<Config, "encoder" | "training">,
): void {
  if (tunedCut(encoder) === undefined) return;
  if (from === undefined) {
    throw new RangeError(
      "encoder.fineTune improves a trained run, whose decoder knows what to ask of the encoder: name " +
        "one by --from (training.from)",
    );
  }
  if (encoder.features !== undefined) {
    throw new RangeError(
      `encoder.fineTune trains layers of ${encoder.kind}, but the features come from ` +
        `${encoder.features}: leave one of the two out`,
    );
  }
  tunedLayers(encoder);
}

/**
 * Checks that the engine has the gradients of an encoder's layers.
 *
 * @throws {RangeError} if it has not, and they are to be trained
 */
export function checkGradients({ encoder }: Pick<Config, "encoder">, engine: Engine): void {
  if (!(Number(tunedCut(encoder)?.learningRate) > 0)) return;
  const kernels = ["Conv2DBackpropFilter", "DepthwiseConv2dNativeBackpropFilter", "MaxPoolGrad"];
  if (kernels.every((name) => tf.getKernel(name, tf.getBackend()) !== undefined)) return;
  throw new RangeError(
    `The engine ${engine.name} has no gradients of convolutions, which encoder.fineTune needs: take ` +
      "SHOWTELL_ENGINE=tensorflow, or --encoder.fineTune.learningRate=0",
  );
}

/**
 * Checks before any work that the layers of an encoder that are trained are those whose feature the run
 * takes that training starts from.
 *
 * @throws {RangeError} if its decoder takes another feature, or was trained with other layers
 */
export async function checkTunedStart({ encoder }: Pick<Config, "encoder">, from: Run) {
  const before = (await from.readConfig()).encoder;
  const [cut, cutBefore] = [tunedCut(encoder), tunedCut(before)];
  if (cutBefore !== undefined && cutBefore.after !== cut?.after) {
    throw new RangeError(
      `${from.folder} was trained with the layers of its encoder after "${cutBefore.after}": set ` +
        `--encoder.fineTune.after=${cutBefore.after} (and --encoder.fineTune.learningRate=0 if they ` +
        "are to stay as they are)",
    );
  }
  if (cut === undefined) return;
  const featureShape = tunedLayers(before)?.outputShape ?? (await from.readTraining()).featureShape;
  checkNetwork(untuned(encoder), { featureShape, name: from.folder });
}
