import * as tf from "@tensorflow/tfjs";
import { allowedWords, type Markers } from "../../models/mod.ts";
import { linearCrossEntropy } from "../../nn/mod.ts";
import type { Objective } from "./objective.ts";

/**
 * REINFORCE (Williams 1992) for sampled captions: the mean over captions of
 * −advantage · log p(caption), p over the words that may be said alone, the same as in sampling. Where
 * the end marker was reached it is one of the caption's words.
 *
 * Divided by captions, not by words, its gradient is that of the expected reward.
 * The decoder's penalties on a batch are left out.
 *
 * @param dropout whether the decoder's dropout is on
 */
export function policyGradient(markers: Markers, dropout: boolean): Objective {
  return (decoder, weights, batch, random): tf.Scalar => {
    const { advantages, captionOf, labels, captions } = batch;
    if (advantages === undefined) throw new RangeError("The batch's captions have no advantages");
    const hidden = decoder.forward(weights, batch, dropout ? random : undefined);
    const { kernel, bias } = decoder.head(weights);
    const allowed = tf.add(bias, allowedWords(markers, decoder.vocabularySize)) as tf.Tensor1D;
    const words = labels.shape[0]; // the loss below is a mean over words
    const rowWeights = tf.mul(tf.gather(advantages, captionOf), words / captions) as tf.Tensor1D;
    return linearCrossEntropy(hidden, kernel, allowed, labels, decoder.fused, { rowWeights });
  };
}
