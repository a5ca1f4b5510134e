import * as tf from "@tensorflow/tfjs";

/** Whether TF.js is recording operations for a gradient. */
export function isDifferentiated(): boolean {
  return (tf.engine() as unknown as { isTapeOn(): boolean }).isTapeOn();
}
