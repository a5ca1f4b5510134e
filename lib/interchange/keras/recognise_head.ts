import type { KerasLayer } from "./graph.ts";
import { onlyInput, passDropouts, readDense } from "./layers.ts";
import { type Head, lostDropout, lostPenalty } from "./recognised.ts";

/**
 * The end of every decoder that can be imported: dense, ReLU → dense, softmax.
 *
 * @throws {RangeError} naming the layer that does not fit
 */
export function recogniseHead(last: KerasLayer): Head {
  const output = readDense(last, "the last layer", "softmax");
  const { layer: below, rate } = passDropouts(onlyInput(output.layer));
  const dense = readDense(below, "below the last layer there", "relu");
  const { layer: meeting, rate: before } = passDropouts(onlyInput(dense.layer));
  const notes = [
    ...lostDropout("before the last layer", rate),
    ...lostDropout("before the last layer but one", before),
    ...lostPenalty("the last layer", output.l2),
  ];
  return { meeting, dense, output, notes };
}
