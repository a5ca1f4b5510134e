/**
 * What real Keras saves and no decoder is: refused, with what to do. A third of it, drawn by a
 * seed, or all after `-- all`.
 *
 *     SHOWTELL_KERAS_PYTHON=venv/bin/python deno test -A tests/interchange/keras
 */
import { readKerasModel } from "../../../lib/interchange/mod.ts";
import { READ } from "../../../lib/interchange/keras/recognise_decoder.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { isWhole, sampleSome } from "../../sample.ts";
import { ignoreKeras2, ignoreKeras3, runPython } from "./keras_python.ts";

/** What a sentence names of a whole model, and of its weights alone. */
interface Refused {
  /** The layer, as it is named and of which class. */
  layer: string;
  /** The same of weights alone. @default {layer} */
  weights?: string;
  /** Why weights alone are read: they cannot tell it. */
  read?: string;
}

const unfitting = "do not fit together";
const second = '"second" (LSTM)';

const variants: Record<string, Refused> = {
  bidirectional_above: { layer: '"both" (Bidirectional)' },
  second_above: { layer: '"met" (Concatenate)', weights: unfitting },
  bidirectional_words: { layer: '"both" (Bidirectional)' },
  bidirectional_below: { layer: '"both" (Bidirectional)' },
  attention: { layer: 'layer "', weights: '"asking" (Attention)' },
  multi_head: { layer: '"heads" (MultiHeadAttention)' },
  unlike_width: { layer: second },
  unlike_cells: { layer: second },
  simple: { layer: '"simple" (SimpleRNN)' },
  masking: { layer: '"masking" (Masking)' },
  multiplied: { layer: '"met" (Multiply)' },
  averaged: { layer: '"met" (Average)' },
  normalised: { layer: '"norm" (LayerNormalization)' },
  convolved: { layer: '"conv" (Conv1D)' },
  backwards: { layer: '"reader" (LSTM)', read: "the direction" },
  rectified: { layer: '"reader" (LSTM)', read: "the activation" },
  dense_words: { layer: '"more" (Dense)', weights: unfitting },
  as_first_word: { layer: '"met" (Concatenate)', weights: unfitting },
  two_states: { layer: '"two" (Dense)', weights: unfitting },
  lambda: { layer: '"code" (Lambda)' },
  normalised_steps: { layer: '"norm" (BatchNormalization)' },
  cell: { layer: '"looped" (RNN)', read: "that a cell was looped over" },
};

for (const [family, ignore] of [["keras", ignoreKeras3], ["tf_keras", ignoreKeras2]] as const) {
  const isKeras3 = family === "keras";
  Deno.test({
    name: `readKerasModel() refuses what is no decoder of ${isKeras3 ? "Keras 3" : "Keras 2"}: ` +
      "the layer, the decoders that are read, how to start fresh",
    ignore,
    fn: async (t) => {
      const folder = await Deno.makeTempDir();
      try {
        const own = isKeras3 ? "masked_above" : "last_unmasked";
        const all: Record<string, Refused> = {
          ...variants,
          [own]: { layer: second, read: "a mask" },
        };
        const chosen = sampleSome(Object.keys(all), 1 / 5, `refused ${family}`);
        await runPython("make_refused.py", family, folder, ...isWhole ? [] : [chosen.join()]);
        const names = [...Deno.readDirSync(folder)].map(({ name }) => name.replace(/\..*/, ""));
        assertEquals([...new Set(names)].toSorted(), chosen.toSorted());
        for (const name of chosen) {
          const { layer, weights = layer, read } = all[name];
          const file = `${name}.${isKeras3 ? "keras" : "h5"}`;
          await t.step(file, () => expectRefusal(`${folder}/${file}`, layer));
          await t.step(`${name}.weights.h5, weights alone`, async () => {
            const path = `${folder}/${name}.weights.h5`;
            // Keras 2's file of this name has layers' classes instead of their names.
            const named = isKeras3 ? weights : weights.replace(/^".*" /, "");
            if (read === undefined) return await expectRefusal(path, named);
            const { notes } = await readKerasModel(path);
            assert(notes[0].includes("are recognised by their names and shapes"), notes[0]);
          });
        }
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

async function expectRefusal(path: string, named: string): Promise<void> {
  const { message } = await assertRejects(() => readKerasModel(path), RangeError);
  assert(message.startsWith(`${path} cannot be imported: `), message);
  assert(message.includes(named), message);
  const isNorm = message.includes("(BatchNormalization) has weights"); // of a decoder that is read
  assert(message.endsWith(READ) || isNorm, message);
}
