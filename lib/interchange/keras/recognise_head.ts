import type { KerasLayer } from "./graph.ts";
import { isRecurrent } from "./recognise_recurrent.ts";
import { type Dense, expectClass, onlyInput, readDense } from "./layers.ts";
import { passLayers } from "./pass_layers.ts";
import { type Head, lostDropout, lostPenalty } from "./recognised.ts";

/**
 * The end of every decoder that can be imported: [dense, ReLU →] dense, softmax.
 *
 * @throws {RangeError} naming the layer that does not fit
 */
export function recogniseHead(last: KerasLayer): Head {
  const output = readDense(last, "the last layer", "softmax", "linear");
  const own = output.activation === "softmax" ? [] : [
    `The last layer "${last.name}" has no softmax: its output is taken for logits`,
  ];
  const below = passLayers(onlyInput(output.layer), { norms: true });
  const outputNorms = below.norms;
  if (isRecurrent(below.layer) || below.layer.className !== "Dense" && isJoint(below.layer)) {
    const notes = [...lostPenalty("the last layer", output.l2), ...own, ...below.notes];
    const { rate } = below;
    return { meeting: below.layer, rate, output, denseNorms: [], outputNorms, notes };
  }
  expectClass(below.layer, "below the last layer there", "Dense", "LSTM", "GRU");
  const dense: Dense = readDense(below.layer, "below the last layer there", "relu");
  const meeting = passLayers(onlyInput(dense.layer), { norms: true });
  const notes = [
    ...lostDropout("before the last layer", below.rate),
    ...lostPenalty("the last layer", output.l2),
    ...own,
    ...below.notes,
    ...meeting.notes,
  ];
  const { rate, norms: denseNorms } = meeting;
  return { meeting: meeting.layer, rate, dense, output, denseNorms, outputNorms, notes };
}

/** Whether a layer brings two others together. */
function isJoint({ inputs }: KerasLayer): boolean {
  return inputs.length > 1;
}
