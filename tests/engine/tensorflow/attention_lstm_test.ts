import * as tf from "@tensorflow/tfjs";
import { attentionLstm } from "../../../lib/nn/attention_lstm_sequence.ts";
import type { AttentionLstmInputs, FusedOps } from "../../../lib/nn/mod.ts";
import { assert } from "../../assert.ts";
import { cosine, finiteDifferenceError, normal, relativeError } from "./gradients.ts";
import { ignoreTensorFlow as ignore, startTensorFlow, withoutLeak } from "./tensorflow_backend.ts";

const PHOTOS = 3, UNITS = 5, HEADS = 2, REGIONS = 6, WIDTH = 4;

/** Rows of each step, multiples of the photos. */
const rowsOf: Record<string, number[]> = {
  "as many steps as a function has": [6, 6, 3, 3],
  "fewer steps": [9, 6, 6, 3, 3],
  "one step": [3],
};

/** What it takes, each of another size. */
function arrays(rows: number[], hasSentinel: boolean): tf.Tensor[] {
  const more = hasSentinel ? UNITS : 0;
  const memory = [PHOTOS, HEADS, REGIONS, WIDTH / HEADS];
  return [
    normal("words", [rows.reduce((sum, count) => sum + count), 4 * UNITS + more]),
    normal("h", [rows[0], UNITS]),
    normal("c", [rows[0], UNITS]),
    normal("keys", memory),
    normal("values", memory),
    normal("recurrent", [UNITS, 4 * UNITS + 2 * WIDTH + more]),
    normal("bias", [4 * UNITS + 2 * WIDTH + more]),
    normal("context", [WIDTH, 4 * UNITS]),
    ...hasSentinel ? [normal("sentinel", [UNITS, 2 * WIDTH])] : [],
  ];
}

/** A weighted sum of all it returns, as a function of what it takes. */
function weightedSum(rows: number[], fused?: FusedOps) {
  return (...given: tf.Tensor[]) => {
    const output = apply(rows, given, fused);
    return tf.sum(tf.mul(output, normal("weights of outputs", output.shape))) as tf.Scalar;
  };
}

function apply(rows: number[], given: tf.Tensor[], fused?: FusedOps): tf.Tensor2D {
  const [words, h, c, keys, values, recurrent, bias, context, sentinel] = given;
  const initial = { h, c };
  const weights = { recurrent, bias, context, sentinel };
  const inputs = { words, rows, initial, memory: { keys, values }, arrays: weights };
  return attentionLstm(inputs as AttentionLstmInputs, fused);
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
            () => tf.tidy(() => criterion(rows, arrays(rows, hasSentinel), fused)),
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
