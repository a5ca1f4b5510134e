// On TF.js' own backend: no permission is needed.
import * as tf from "@tensorflow/tfjs";
import {
  attentionLstm,
  attentionLstmSteps,
  sideBySide,
} from "../../lib/nn/attention_lstm_sequence.ts";
import { attentionLstmLayer } from "../../lib/nn/attention_lstm_layer.ts";
import { assert, assertThrows } from "../assert.ts";
import { normal, relativeError } from "../engine/tensorflow/gradients.ts";
import { attentionArrays, namedInputs, REGIONS, UNITS, WIDTH } from "./attention_lstm_inputs.ts";

/** Two captions a photo at first, then one. */
const ROWS = [6, 6, 3, 3];
const ALL = 18;

const given = (hasSentinel: boolean) => attentionArrays(ROWS, hasSentinel);
const named = (all: tf.Tensor[]) => namedInputs(ROWS, all);

for (const hasSentinel of [false, true]) {
  Deno.test(`attentionLstm()${hasSentinel ? " with a sentinel" : ""} has the values and the gradients of its steps, recorded by TF.js`, async () => {
    await tf.setBackend("cpu");
    tf.tidy(() => {
      const factor = normal("factor", [ALL, UNITS + WIDTH + REGIONS]);
      const [own, recorded] = [
        (...all: tf.Tensor[]) => attentionLstm(named(all)),
        (...all: tf.Tensor[]) => sideBySide(attentionLstmSteps(named(all))),
      ].map((output) => {
        const loss = (...all: tf.Tensor[]) => tf.sum(tf.mul(output(...all), factor)) as tf.Scalar;
        return [output(...given(hasSentinel)), ...tf.grads(loss)(given(hasSentinel))];
      });
      for (const [i, gradient] of recorded.entries()) {
        const error = relativeError(gradient, own[i]);
        assert(error < 1e-5, `result ${i}: off by ${error}`);
      }
    });
  });
}

Deno.test("attentionLstm(): rows that share a photo's memory are as rows with a copy each", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const inputs = named(given(true));
    const twice = <T extends tf.Tensor>(x: T) => tf.concat([x, x], 0) as T;
    const copies = { keys: twice(inputs.memory.keys), values: twice(inputs.memory.values) };
    const shared = attentionLstm({ ...inputs, words: tf.slice(inputs.words, 0, 12), rows: [6, 6] });
    const apart = attentionLstm({
      ...inputs,
      words: tf.slice(inputs.words, 0, 12),
      rows: [6, 6],
      memory: copies,
    });
    assert(relativeError(shared, apart) < 1e-6);
    // Those that go on do not depend on the others.
    const longer = tf.slice(attentionLstm(inputs), 0, 12);
    assert(relativeError(longer, shared) < 1e-6);
  });
});

Deno.test("attentionLstmLayer() refuses heads that do not divide its width", () => {
  const sizes = { inputs: 2, units: 3, width: 4, heads: 3, hasSentinel: false };
  assertThrows(
    () => attentionLstmLayer("a", sizes),
    RangeError,
    "3 heads cannot share a width of 4",
  );
});
