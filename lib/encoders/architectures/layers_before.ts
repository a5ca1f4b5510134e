import type * as tf from "@tensorflow/tfjs";

/** The layers whose outputs a layer takes. */
export function layersBefore(layer: tf.layers.Layer): tf.layers.Layer[] {
  return layer.inboundNodes[0].inboundLayers;
}
