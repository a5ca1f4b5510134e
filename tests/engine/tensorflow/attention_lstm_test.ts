import * as tf from "@tensorflow/tfjs";
import { attentionLstm } from "../../../lib/nn/attention_lstm_sequence.ts";
import type { FusedOps } from "../../../lib/nn/mod.ts";
import { assert } from "../../assert.ts";
import { attentionArrays, namedInputs } from "../../nn/attention_lstm_inputs.ts";
import { cosine, finiteDifferenceError, normal, relativeError } from "./gradients.ts";
import { ignoreTensorFlow as ignore, startTensorFlow, withoutLeak } from "./tensorflow_backend.ts";

/** Rows of each step, multiples of the photos. */
const rowsOf: Record<string, number[]> = {
  "as many steps as a function has": [6, 6, 3, 3],
  "fewer steps": [9, 6, 6, 3, 3],
  "one step": [3],
};

/** A weighted sum of all it returns, as a function of what it takes. */
function weightedSum(rows: number[], fused?: FusedOps) {
  return (...given: tf.Tensor[]) => {
    const output = apply(rows, given, fused);
    return tf.sum(tf.mul(output, normal("weights of outputs", output.shape))) as tf.Scalar;
  };
}

function apply(rows: number[], given: tf.Tensor[], fused?: FusedOps): tf.Tensor2D {
  return attentionLstm(namedInputs(rows, given), fused);
}

/** A test with and without a sentinel, at every number of steps. */
function test(
  name: string,
  criterion: (rows: number[], given: tf.Tensor[], fused: FusedOps) => void,
): void {
  Deno.test({
    name: `attentionLstm(), fused, ${name}`,
    ignore,
    async fn() {
      const { backend, fused } = await startTensorFlow();
      for (const rows of Object.values(rowsOf)) {
        for (const hasSentinel of [false, true]) {
          await withoutLeak(
            backend,
            () => tf.tidy(() => criterion(rows, attentionArrays(rows, hasSentinel), fused)),
          );
        }
      }
    },
  });
}

test("has the values and the gradients of the same steps by TF.js", (rows, given, fused) => {
  const [plain, found] = [undefined, fused].map((ops) => [
    apply(rows, given, ops),
    ...tf.grads(weightedSum(rows, ops))(given),
  ]);
  for (const [i, result] of plain.entries()) {
    const error = relativeError(result, found[i]);
    assert(error < 1e-6, `steps with ${rows} rows, result ${i}: off by ${error}`);
  }
});

test("has the gradients of finite differences", (rows, given, fused) => {
  const error = finiteDifferenceError(weightedSum(rows, fused), given);
  assert(error < 1e-2, `steps with ${rows} rows: off by ${error}`);
});

test("in bfloat16 is near to float32, and has its gradients' directions", (rows, given, fused) => {
  const [exact, rounded] = (["float32", "bfloat16"] as const).map((arithmetic) => {
    const ops = fused.in(arithmetic);
    return [apply(rows, given, ops), ...tf.grads(weightedSum(rows, ops))(given)];
  });
  assert(relativeError(exact[0], rounded[0]) > 1e-6, "nothing was rounded");
  for (const [i, result] of exact.entries()) {
    const found = cosine(result, rounded[i]);
    assert(found > 0.999, `steps with ${rows} rows, result ${i}: cosine ${found}`);
  }
});
