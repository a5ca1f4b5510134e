/**
 * Decoders of recurrent layers in every form that Keras saves them in: a fifth of them, drawn by a
 * seed, or all after `-- all`.
 *
 *     SHOWTELL_KERAS_PYTHON=venv/bin/python deno test -A tests/interchange/keras
 */
import * as tf from "@tensorflow/tfjs";
import { beamSearch } from "../../../lib/decoding/mod.ts";
import { type ImportedModel, readKerasModel } from "../../../lib/interchange/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { isWhole, sampleSome } from "../../sample.ts";
import { exists } from "../../../lib/storage/mod.ts";
import { type Found, load, logitDifference } from "./compare.ts";
import { Exports } from "./exports.ts";
import { checkFurtherTraining, checkTrainFrom } from "./further_training.ts";
import { ignoreKeras2, ignoreKeras3, runPython } from "./keras_python.ts";

/** What a variant of make_models.py is, and what its weights alone do not tell. */
interface Variant {
  /** Settings that are expected. */
  is: Record<string, unknown>;
  /** What the user has to say of weights alone. */
  told?: Record<string, string>;
  /** Settings that the user has to set for weights alone. */
  set?: Record<string, unknown>;
  /** Why weights alone are refused. */
  refused?: string;
  /** The same of those of Keras 2 whose layers have the names that Keras gives. */
  refusedOfKeras2?: string;
}

const padding = { positions: 7, side: "front" };
const unmasked = { set: { padding } };
const hard = { told: { recurrentActivation: "hard_sigmoid" } };
const norms = "(BatchNormalization) has weights whose place in the model the file does not tell";

const variants: Record<string, Variant> = {
  concat_lstm: { is: { kind: "merge", merge: "concatenate", cell: "lstm", imageUnits: 6 } },
  concat_gru_words: { is: { kind: "merge", cell: "gru" }, told: { order: "words" } },
  add_gru_old: {
    is: { merge: "add", resetAfter: false, recurrentActivation: "hard_sigmoid" },
    ...hard,
  },
  add_stacked: { is: { merge: "add", layers: 2, layerDropout: 0.25, outputDropout: 0 } },
  concat_stacked_gru: { is: { cell: "gru", layers: 2, padding }, ...unmasked },
  par_lstm: { is: { kind: "par_inject", dense: null, imageDropout: 0.4, wordDropout: 0.3 } },
  par_gru: {
    is: { kind: "par_inject", layers: 2, imageUnits: 4, dense: 8 },
    told: { order: "words" },
  },
  par_unmasked: { is: { kind: "par_inject", padding }, ...unmasked },
  par_hard: {
    is: { kind: "par_inject", recurrentActivation: "hard_sigmoid" },
    told: { order: "words", ...hard.told },
  },
  init_lstm: { is: { kind: "init_inject", initialOutput: "projection", imageActivation: "relu" } },
  init_tanh: {
    is: { kind: "init_inject", initialOutput: "tanh", imageActivation: "linear" },
    set: { initialOutput: "tanh", imageActivation: "linear" },
  },
  init_gru: {
    is: { kind: "init_inject", cell: "gru", imageActivation: "tanh" },
    set: { imageActivation: "tanh" },
  },
  init_stacked: { is: { kind: "init_inject", layers: 2, injectInto: "all" }, ...hard },
  init_unmasked_gru: { is: { kind: "init_inject", resetAfter: false, padding }, ...unmasked },
  sequences_init: { is: { kind: "init_inject", padding: null } },
  sequences_merge: { is: { kind: "merge", cell: "gru" } },
  two_branches: { is: { kind: "par_inject", imageDropout: 0 } },
  two_models: { is: { kind: "merge", merge: "concatenate", imageDropout: 0.2 } },
  norms_add: { is: { kind: "merge", layers: 2, wordDropout: 0.2 }, refused: norms },
  norms_concat: { is: { kind: "merge", merge: "concatenate" }, refused: norms },
  added_inject: { is: { kind: "par_inject", imageUnits: 4 }, refused: "do not fit together" },
  // Keras 3 writes its functions as layers do; TensorFlow's are one in Keras 2.
  joined_by_function: { is: { kind: "par_inject" }, refusedOfKeras2: "(a TensorFlow function)" },
  identity: { is: { kind: "merge" } },
  half: { is: { kind: "merge", merge: "add" } },
  frozen: {
    is: { kind: "merge", trainEmbedding: false, imageActivation: "linear" },
    set: { imageActivation: "linear" },
  },
};

const exportsFolder = ignoreKeras2 ? "" : await Deno.makeTempDir();
const exported = new Exports(exportsFolder);

for (const [family, ignore] of [["keras", ignoreKeras3], ["tf_keras", ignoreKeras2]] as const) {
  const called = family === "keras" ? "Keras 3" : "Keras 2";
  Deno.test({
    name: `readKerasModel() of recurrent decoders of ${called}: logits within 1e-4, its captions`,
    ignore,
    fn: async (t) => {
      await tf.setBackend("cpu");
      const folder = await Deno.makeTempDir();
      try {
        const chosen = sampleSome(Object.keys(variants), 1 / 8, `recurrent ${family}`);
        const names = isWhole ? [] : [chosen.join()];
        await runPython("make_models.py", family, folder, "recurrent", ...names);
        const found = JSON.parse(await Deno.readTextFile(`${folder}/models.json`));
        assertEquals(Object.keys(found).toSorted(), chosen.toSorted());
        for (const name of chosen) {
          const variant = variants[name];
          for (const file of [`${name}.keras`, `${name}.h5`, `${name}_layers/a.weights.h5`]) {
            await t.step(file, async () => {
              const model = await readKerasModel(`${folder}/${file}`);
              const is = reads(family, name) ? { ...variant.is, padding } : variant.is;
              for (const [key, value] of Object.entries(is)) {
                assertEquals<unknown>(
                  Object.entries(model.settings).find(([name]) => name === key)?.[1],
                  value,
                  key,
                );
              }
              const behind = family === "keras" && name === "sequences_init";
              check(model, found[name], behind);
              const isOwn = file.endsWith(family === "keras" ? ".keras" : `${name}.h5`);
              if (!ignoreKeras2 && isOwn) {
                await exported.add(`${family}_${name}`, model, found[name], behind);
              }
            });
            if (family === "keras" || !file.endsWith(`${name}.h5`)) continue;
            await t.step(`${file}, trained further`, async () => {
              const path = `${folder}/${file}`;
              const model = await readKerasModel(path);
              await checkFurtherTraining(model);
              if (name === "frozen") await checkTrainFrom(path, model);
            });
          }
          for (const file of [`${name}.weights.h5`, `${name}_named.h5`]) {
            if (!await exists(`${folder}/${file}`)) continue;
            await t.step(`${file}, weights alone`, async () => {
              const { told, set = {} } = variant;
              const refused = variant.refused ??
                (family === "tf_keras" && !file.endsWith("_named.h5")
                  ? variant.refusedOfKeras2
                  : undefined);
              const read = () => readKerasModel(`${folder}/${file}`, { told });
              if (refused !== undefined) return void await assertRejects(read, RangeError, refused);
              const model = await read();
              const more = reads(family, name) ? { ...set, padding } : set;
              for (const key of Object.keys(more)) {
                assert(model.untold.some((untold) => untold.startsWith(key)), key);
              }
              const settings = { ...model.settings, ...more } as ImportedModel["settings"];
              check(
                { ...model, settings },
                found[name],
                family === "keras" && name === "sequences_init",
              );
            });
          }
        }
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

Deno.test({
  name: "writeKerasExport() of the imported decoders: its captions in Keras 3 and 2, word for word",
  ignore: ignoreKeras2,
  fn: async () => {
    try {
      await exported.check();
    } finally {
      await Deno.remove(exportsFolder, { recursive: true });
    }
  },
});

/**
 * Keras 3 passes no mask on where an image comes in below, or as a state, Keras 2 not through
 * functions and Identity: padding is read.
 */
function reads(family: string, name: string): boolean {
  if (name === "joined_by_function") return true;
  if (family === "tf_keras") return name === "identity";
  return /^(par|init|two_branches|added)/.test(name);
}

/** @param behind whether padding in front is not compared */
function check(model: ImportedModel, found: Found, behind: boolean): void {
  const padding = "padding" in model.settings ? model.settings.padding : null;
  const sides = padding !== null ? ["front", "back"] : behind ? ["back"] : [undefined];
  for (const side of sides) {
    const settings = padding === null
      ? model.settings
      : { ...model.settings, padding: { ...padding, side } };
    const ofSide = <T>(rows: T[]) =>
      rows.filter((_, i) => side === undefined || i % 2 === Number(side === "back"));
    const sided = { ...model, settings: settings as ImportedModel["settings"] };
    const difference = logitDifference(sided, { ...found, rows: ofSide(found.rows) });
    assert(difference < 1e-4, `${side ?? ""} ${difference}`);
    const captions = captionsOf(sided, found.features).flatMap((words) => [words, words]);
    assertEquals(ofSide(captions), ofSide(found.captions.map(([words]) => words)));
  }
}

/** Greedy captions of each photo. */
function captionsOf(model: ImportedModel, features: number[][]): number[][] {
  const { decoder, tensors } = load(model);
  const photos = tf.tensor(features);
  const markers = { start: 1, end: 2, padding: 0, forbidden: [] };
  const settings = { beam: 1, maxLength: 6, lengthNormalisation: 0 };
  const decoded = beamSearch(decoder, tensors, photos, markers, settings);
  tf.dispose([photos, ...tensors.values()]);
  return decoded.map(([{ words }]) => words);
}
