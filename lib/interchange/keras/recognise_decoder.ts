import type { Fold } from "./folds.ts";
import type { KerasGraph } from "./graph.ts";
import { checkPurpose } from "./check_purpose.ts";
import { refused } from "./refused.ts";
import { passLayers } from "./pass_layers.ts";
import { recogniseBilstmDot } from "./recognise_bilstm_dot.ts";
import { recogniseHead } from "./recognise_head.ts";
import { recogniseInject } from "./recognise_inject.ts";
import { recogniseMerge } from "./recognise_merge.ts";
import { isRecurrent } from "./recognise_recurrent.ts";
import type { Head, Recognised } from "./recognised.ts";
import { recurrentName } from "./recurrent_name.ts";

/** What can be imported, and what else there is to do. */
export const READ =
  "decoders that are read are merge (by adding or concatenating), par_inject and " +
  "init_inject, each of LSTM or GRU layers, and bilstm_dot; to start fresh from the same captions " +
  "and photos: deno task train --config flickr8k_mobilenet_v2 --dataset.source=FOLDER";

/**
 * The decoder that a model's graph is, by the position of its layers.
 *
 * @param isKeras3 whether Keras 3 wrote it, whose hard_sigmoid is another
 * @throws {RangeError} naming the layer that does not fit, which decoders are read, and how to start
 * fresh
 */
export function recogniseDecoder(graph: KerasGraph, isKeras3: boolean): Recognised {
  checkPurpose(graph);
  try {
    const found = recognise(graph);
    return isKeras3 ? withGates(found) : found;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`${error.message}; ${READ}`, { cause: error });
  }
}

function recognise(graph: KerasGraph): Recognised {
  if (graph.outputs.length !== 1 || graph.inputs.length !== 2) {
    throw new RangeError(
      `the model has ${graph.inputs.length} inputs and ${graph.outputs.length} outputs; a decoder ` +
        "takes an image and words, and predicts the next word",
    );
  }
  const head = recogniseHead(graph.outputs[0]);
  const { meeting } = head;
  if (isRecurrent(meeting)) return recogniseInject(head);
  if (meeting.className === "Add") return recogniseMerge(head);
  if (meeting.className === "Concatenate") {
    return isAttention(head) ? recogniseBilstmDot(head) : recogniseMerge(head);
  }
  throw refused(
    meeting,
    "does not fit: image and words should meet there in an Add or a Concatenate (merge, bilstm_dot), " +
      "or in the recurrent layers (par_inject, init_inject)",
  );
}

/** Whether one of the sides is more than an image or recurrent layers. */
function isAttention({ meeting }: Head): boolean {
  const sides = meeting.inputs.map((input) =>
    passLayers(input, { norms: true, repeats: true }).layer
  );
  return !sides.some(isRecurrent) && sides.some(({ className }) => className !== "Dense");
}

/** The gates of Keras 3's hard_sigmoid as those of Keras 2's, which decoders have. */
function withGates(found: Recognised): Recognised {
  const { settings } = found;
  if (!("recurrentActivation" in settings) || settings.recurrentActivation !== "hard_sigmoid") {
    return found;
  }
  const { cell, layers } = settings;
  const folds = Array.from({ length: layers }, (_, i): Fold => ({
    kind: "gates",
    weights: recurrentName(cell, i),
    cell,
  }));
  return {
    ...found,
    folds: [...found.folds ?? [], ...folds],
    notes: [
      ...found.notes,
      "Keras 3's hard_sigmoid has another slope than Keras 2's, which Showtell has: the weights of " +
      "the gates are scaled so that logits stay the same",
    ],
  };
}
