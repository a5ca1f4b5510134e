/**
 * Decoders that real Keras saved, read and run here: a third of them, drawn by a seed, or all after
 * `-- all`.
 *
 *     SHOWTELL_KERAS_PYTHON=venv/bin/python deno test -A tests/interchange/keras
 */
import * as tf from "@tensorflow/tfjs";
import { beamSearch } from "../../../lib/decoding/mod.ts";
import { type ImportedModel, readKerasModel } from "../../../lib/interchange/mod.ts";
import { modelSettings } from "../../../lib/models/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { isWhole, sampleSome } from "../../sample.ts";
import { type Found, load, logitDifference } from "./compare.ts";
import { ignoreKeras2, ignoreKeras3, runPython } from "./keras_python.ts";

const bilstm = {
  kind: "bilstm_dot",
  embedding: 4,
  units: 5,
  dense: 8,
  imageDropout: 0.5,
  wordDropout: 0.5,
  imageScale: "none",
  imageSteps: 7,
  attention: "weighted",
  softmaxOver: 7,
  pooling: "sum",
};
const merge = {
  kind: "merge",
  embedding: 4,
  units: 5,
  dense: 8,
  imageDropout: 0.4,
  wordDropout: 0.5,
  outputDropout: 0,
  l2: 0,
  imageScale: "none",
  padding: null,
};

/** Expected settings of each variant of make_models.py. */
const expected: Record<string, Record<string, unknown>> = {
  merge,
  merge_bytes: merge,
  weights_only: { ...merge, imageDropout: 0.5 },
  merge_variant: {
    ...merge,
    imageDropout: 0,
    wordDropout: 0,
    outputDropout: 0.3,
    l2: 0.01,
    imageScale: "l2",
  },
  merge_unmasked: { ...merge, padding: { positions: 7, side: "front" } },
  merge_nested: { ...merge, imageDropout: 0.2, wordDropout: 0 },
  merge_apart: { ...merge, imageDropout: 0, wordDropout: 0 },
  published: { ...bilstm, attention: "sum", softmaxOver: null },
  published_bytes: { ...bilstm, attention: "sum", softmaxOver: null },
  sum_mean: { ...bilstm, attention: "sum", softmaxOver: null, pooling: "mean" },
  weighted_mean: { ...bilstm, pooling: "mean" },
  einsum_sum: { ...bilstm, attention: "sum", softmaxOver: null },
  einsum_weighted: bilstm,
  matmul: { ...bilstm, pooling: "mean" },
  attention: { ...bilstm, softmaxOver: null },
};

for (const [family, ignore] of [["keras", ignoreKeras3], ["tf_keras", ignoreKeras2]] as const) {
  const called = family === "keras" ? "Keras 3" : "Keras 2";
  Deno.test({
    name: `readKerasModel() of ${called}: logits within 1e-4, captions as the notebooks make them`,
    ignore,
    fn: async (t) => {
      await tf.setBackend("cpu");
      const folder = await Deno.makeTempDir();
      try {
        const chosen = sampleSome(named(family), 1 / 5, `whole ${family}`);
        const names = isWhole ? [] : [chosen.join()];
        await runPython("make_models.py", family, folder, "whole", ...names);
        const found = JSON.parse(await Deno.readTextFile(`${folder}/models.json`));
        assertEquals(Object.keys(found).toSorted(), chosen.toSorted());
        const files = [...Deno.readDirSync(folder)].map(({ name }) => name)
          .filter((name) => /\.(keras|h5)$/.test(name)).toSorted();
        if (isWhole) assertEquals(files.length, 25);
        for (const file of files) {
          await t.step(file, async () => {
            const name = file.replace(/\..*/, "");
            if (family === "tf_keras" && name === "einsum_weighted") {
              await assertRejects(
                () => readKerasModel(`${folder}/${file}`),
                RangeError,
                'does not say what layer "tf.einsum" (TFOpLambda) is called with',
              );
              return;
            }
            const of = name.replace("_bytes", "").replace("weights_only", "merge");
            const model = await readKerasModel(`${folder}/${file}`);
            if (name === "merge_unmasked") checkSides(model, found[of], called);
            else check(model, found[of], expected[name], called);
          });
        }
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** The models that make_models.py makes: some of those expected are other files of the same one. */
function named(family: string): string[] {
  return Object.keys(expected).filter((name) =>
    !name.endsWith("_bytes") && name !== "weights_only" &&
    (family === "keras" || name !== "einsum_sum")
  );
}

/** Padding that is read can be on either side; Keras' figures have both. */
function checkSides(model: ImportedModel, { rows, captions, ...found }: Found, called: string) {
  assert(model.notes.some((note) => note.includes("--model.padding.side=back")), `${model.notes}`);
  for (const [parity, side] of (["front", "back"] as const).entries()) {
    const settings = {
      ...expected.merge_unmasked,
      kind: "merge" as const,
      padding: { positions: 7, side },
    };
    const of = {
      ...found,
      rows: rows.filter((_, i) => i % 2 === parity),
      captions: captions.filter((_, i) => i % 2 === parity).flatMap((
        caption,
      ) => [caption, caption]),
    };
    check({ ...model, settings: modelSettings.parse(settings) }, of, settings, called);
  }
}

function check(
  model: ImportedModel,
  found: Found,
  settings: Record<string, unknown>,
  called: string,
): void {
  assertEquals(model.settings, modelSettings.parse(settings));
  const weightsOnly = model.longest === null;
  if (!weightsOnly) {
    assertEquals(model.longest, 7);
    assert(model.writer.startsWith(called), model.writer);
  }
  assertEquals([model.vocabularySize, model.featureShape], [13, [6]]);
  const sizes = [...model.weights.values()].map(({ data }) => data.length);
  assertEquals(sizes.length, found.weights);
  assertEquals(sizes.reduce((sum, size) => sum + size, 0), found.parameters);
  const difference = logitDifference(model, found);
  assert(difference < 1e-4, `${difference}`);
  assertEquals(captionsOf(model, found), found.captions);
}

/** Greedy captions of each photo, twice, in the form of Keras' figures. */
function captionsOf(model: ImportedModel, found: Found): Found["captions"] {
  const { decoder, tensors } = load(model);
  const features = tf.tensor(found.features);
  const markers = { start: 1, end: 2, padding: 0, forbidden: [] };
  const settings = { beam: 1, maxLength: 6, lengthNormalisation: 0 };
  const decoded = beamSearch(decoder, tensors, features, markers, settings);
  tf.dispose([features, ...tensors.values()]);
  return decoded.flatMap(([{ words }], i) =>
    [0, 1].map((twice): Found["captions"][0] => [words, found.captions[2 * i + twice][1]])
  );
}
