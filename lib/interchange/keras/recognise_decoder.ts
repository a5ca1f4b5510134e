import type { KerasGraph } from "./graph.ts";
import { refused } from "./layers.ts";
import { recogniseBilstmDot } from "./recognise_bilstm_dot.ts";
import { recogniseHead } from "./recognise_head.ts";
import { recogniseMerge } from "./recognise_merge.ts";
import type { Recognised } from "./recognised.ts";

/** What can be imported, and what else there is to do. */
export const READ =
  "decoders that are read are merge (image and words added) and bilstm_dot; to start " +
  "fresh from the same captions and photos: deno task train --config flickr8k_mobilenet_v2 " +
  "--dataset.source=FOLDER";

/**
 * The decoder that a model's graph is, by the position of its layers.
 *
 * @throws {RangeError} naming the layer that does not fit, which decoders are read, and how to start
 * fresh
 */
export function recogniseDecoder(graph: KerasGraph): Recognised {
  try {
    return recognise(graph);
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
  if (meeting.className === "Add") return recogniseMerge(head);
  if (meeting.className === "Concatenate") return recogniseBilstmDot(head);
  throw refused(
    meeting,
    "does not fit: image and words should meet there in an Add (merge) or a Concatenate " +
      "(bilstm_dot)",
  );
}
