/**
 * Exported decoders in real Keras: a fifth of them, drawn by a seed, or all after `-- all`.
 *
 *     SHOWTELL_KERAS_PYTHON=venv/bin/python deno test -A tests/interchange/export
 */
import * as tf from "@tensorflow/tfjs";
import { readKerasModel, writeKerasExport } from "../../../lib/interchange/mod.ts";
import { tokenizerFromKeras } from "../../../lib/text/mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { sampleSome } from "../../sample.ts";
import { granted } from "../../permissions.ts";
import { ignoreKeras2, ignoreKeras3, runPython } from "../keras/keras_python.ts";
import { firstWord, logDifference, madeRun, probabilities, variants } from "./made_run.ts";

const WIDTH = 6;
const feature = Float32Array.from({ length: WIDTH }, (_, i) => Math.sin(3 * i + 1));
const words = [2, 5, 7, 4, 9, 6, 8];

/** In a page words are not padded, so these are for Keras alone. */
const kerasVariants: Record<string, Record<string, unknown>> = {
  ...variants,
  reads_front: { kind: "merge", padding: { positions: 9, side: "front" } },
  reads_back: { kind: "merge", padding: { positions: 9, side: "back" } },
  concatenate: { kind: "merge", merge: "concatenate", imageUnits: 3, imageActivation: "tanh" },
  stacked_gru: { kind: "merge", cell: "gru", layers: 2, layerDropout: 0.25, trainEmbedding: false },
  older_gru: { kind: "merge", cell: "gru", resetAfter: false, recurrentActivation: "hard_sigmoid" },
  par: { kind: "par_inject", imageUnits: 3 },
  par_stacked: { kind: "par_inject", layers: 2, cell: "gru", dense: null },
  par_hard: { kind: "par_inject", recurrentActivation: "hard_sigmoid", imageScale: "l2" },
  init: { kind: "init_inject" },
  init_both: { kind: "init_inject", layers: 2, initialOutput: "projection", dense: 7 },
  init_first: {
    kind: "init_inject",
    layers: 2,
    injectInto: "first",
    cell: "gru",
    initialOutput: "projection",
    imageActivation: "tanh",
  },
  frozen_attention: { kind: "bilstm_dot", imageSteps: 4, trainEmbedding: false },
  reads_par: { kind: "par_inject", padding: { positions: 9, side: "front" } },
  reads_init: { kind: "init_inject", dense: 5, padding: { positions: 9, side: "front" } },
};

/** Whether Keras 3 gives another caption with the older file, as the card says. */
async function needsKeras2(folder: string): Promise<boolean> {
  return (await Deno.readTextFile(`${folder}/README.md`)).includes("Needs Keras 2 (for Keras 3");
}

/** Variants in both formats. */
async function exportAll(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const settings = kerasVariants[name];
    for (const format of ["keras", "h5"] as const) {
      const to = `${folder}/${name}.${format}`;
      await Deno.mkdir(to);
      await writeKerasExport(to, madeRun(settings, WIDTH), format);
      await Deno.writeTextFile(
        `${to}/cases.json`,
        JSON.stringify({ feature: [...feature], words }),
      );
    }
  }
}

function isHard({ recurrentActivation }: Record<string, unknown>): boolean {
  return recurrentActivation === "hard_sigmoid";
}

async function withExports(
  names: readonly string[],
  work: (folder: string) => Promise<void>,
): Promise<void> {
  await tf.setBackend("cpu");
  const folder = await Deno.makeTempDir();
  try {
    await exportAll(folder, names);
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const [family, ignore] of [["keras", ignoreKeras3], ["tf_keras", ignoreKeras2]] as const) {
  Deno.test({
    name: `writeKerasExport() opens in ${family === "keras" ? "Keras 3" : "Keras 2"}: ` +
      "logits within 1e-4, and the card's code prints the first word",
    ignore,
    fn: () => {
      const names = sampleSome(Object.keys(kerasVariants), 1 / 5, `exports ${family}`);
      return withExports(names, async (folder) => {
        await runPython("../export/open_models.py", family, folder);
        for (const name of names) {
          const settings = kerasVariants[name];
          const run = madeRun(settings, WIDTH);
          const expected = probabilities(run, feature, words);
          for (const format of family === "keras" ? ["keras", "h5"] : ["h5"]) {
            if (family === "keras" && await needsKeras2(`${folder}/${name}.${format}`)) continue;
            const text = await Deno.readTextFile(`${folder}/${name}.${format}/found.json`);
            const found = JSON.parse(text);
            const differences = (found.probabilities as number[][])
              .map((p, i) => logDifference(p, expected[i >> 1])); // in front, then behind
            assertEquals(differences.length, 2 * words.length);
            const other = { reads_front: 1, reads_par: 1, reads_init: 1, reads_back: 0 }[name]; // whose padding is another
            const largest = Math.max(...differences.filter((_, i) => i % 2 !== other));
            assert(largest < 1e-4, `${name}.${format}: ${largest}`);
            assertEquals(found.printed, firstWord(run, feature), `${name}.${format}`);
            const sizes = [...run.weights.values()].map(({ data }) => data.length);
            assertEquals(found.parameters, sizes.reduce((sum, size) => sum + size, 0));
          }
        }
      });
    },
  });
}

Deno.test({
  name: "readKerasModel() of an export gives settings, words and weights back bit for bit",
  ignore: !granted("read", "write"),
  fn: () =>
    withExports(Object.keys(kerasVariants), async (folder) => {
      for (const [name, settings] of Object.entries(kerasVariants)) {
        const run = madeRun(settings, WIDTH);
        for (const format of ["keras", "h5"]) {
          const model = await readKerasModel(`${folder}/${name}.${format}/decoder.${format}`);
          // On which side padding that is read was, no file tells.
          const side = name === "reads_back" ? { padding: { positions: 9, side: "front" } } : {};
          assertEquals<unknown>(model.settings, { ...run.model, ...side });
          const isScaled = format === "keras" && isHard(settings); // Keras 3's gates
          assertEquals(model.notes.length, name.startsWith("reads") || isScaled ? 1 : 0);
          const places = name === "padded_softmax" || name.startsWith("reads") ? 9 : 8;
          assertEquals(model.longest, places);
          assertEquals([...model.weights.keys()], [...run.weights.keys()]);
          for (const [weight, { shape, data }] of run.weights) {
            assertEquals(model.weights.get(weight)!.shape, shape);
            const found = model.weights.get(weight)!.data;
            if (!isScaled) assertEquals(found, data);
            else found.forEach((x, i) => assert(Math.abs(x - data[i]) < 1e-6, weight));
          }
          const json = await Deno.readTextFile(`${folder}/${name}.${format}/tokenizer.json`);
          assertEquals(
            tokenizerFromKeras(json, run.tokenizer.settings).words,
            run.tokenizer.words,
          );
        }
      }
    }),
});

Deno.test({
  name: "writeKerasExport() of the same run gives the same bytes",
  ignore: !granted("read", "write"),
  fn: () =>
    withExports(["merge", "attention"], async (folder) => {
      await new Promise((resolve) => setTimeout(resolve, 1100)); // HDF5's clock counts seconds
      for (const file of ["merge.keras/decoder.keras", "attention.h5/decoder.h5"]) {
        const first = await Deno.readFile(`${folder}/${file}`);
        const again = await Deno.makeTempDir();
        try {
          const [name, format] = file.split("/")[0].split(".");
          await writeKerasExport(again, madeRun(variants[name], WIDTH), format as "keras" | "h5");
          assertEquals(await Deno.readFile(`${again}/decoder.${format}`), first);
        } finally {
          await Deno.remove(again, { recursive: true });
        }
      }
    }),
});
