import { readDatasetTable } from "../../lib/datasets/mod.ts";
import { decoderLayers } from "../../lib/interchange/keras/decoder_layers.ts";
import { kerasH5 } from "../../lib/interchange/keras/write_h5.ts";
import { createDecoder, mergeSettings } from "../../lib/models/mod.ts";
import { KerasTokenizer } from "../../lib/text/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { npyOf, npyOfTexts } from "../python/npy_file.ts";
import { archiveOf } from "../interchange/zip_archive.ts";
import { ignore, inFolder, json, run } from "./task.ts";

/** Of EfficientNet-B7, which is not among the encoders. */
const WIDTH = 2560;

const keras = new KerasTokenizer();
keras.fitOnTexts(["startseq a red circle on a blue square endseq"]);

/** A Keras project whose encoder is not known: model and words. */
async function makeProject(folder: string): Promise<void> {
  const settings = mergeSettings.parse({ kind: "merge", embedding: 3, units: 4, dense: 4 });
  const inputs = { vocabularySize: keras.wordIndex.size + 1, featureShape: [WIDTH] };
  const weights = createDecoder(settings, inputs).initialWeights(1);
  const spec = decoderLayers(settings, inputs, { length: 9 });
  await Deno.writeFile(`${folder}/model.h5`, await kerasH5(spec, weights));
  await Deno.writeTextFile(`${folder}/tokenizer.json`, keras.toJson());
}

/** A file of features by photo name. */
async function makeFeatures(path: string, names: string[], width = WIDTH): Promise<void> {
  const matrix = Float32Array.from({ length: names.length * width }, (_, i) => Math.sin(i));
  const members = [
    { name: "x.npy", content: npyOf("<f4", [names.length, width], matrix) },
    { name: "names.npy", content: npyOfTexts(names) },
  ];
  await Deno.writeFile(path, archiveOf(members));
}

async function wayOfAnImportedRun(folder: string): Promise<void> {
  await makeProject(folder);
  await json(folder, "prepare", "--config=tiny.json");
  const [dataset] = Deno.readDirSync(`${folder}/data/datasets`);
  const table = await readDatasetTable(`${folder}/data/datasets/${dataset.name}`, "captions");
  const photos = [...new Set(table.toRecords().map(({ photo }) => String(photo)))];
  await makeFeatures(`${folder}/features.npz`, photos.map((photo) => photo.replace(/^.*\//, "")));
  await makeFeatures(`${folder}/narrow.npz`, photos, 512);
  await Deno.writeTextFile(`${folder}/seen.txt`, "another.jpg\n");

  const imported = await run(
    folder,
    "import",
    ...["model.h5", "tokenizer.json", "--name=foreign", "--trained-on=seen.txt"],
  );
  assertEquals(imported.code, 0, imported.err);
  assert(imported.err.includes("The run cannot read photos, since the model takes 2560 numbers"));
  assert(imported.out.includes("none, features from a file"), imported.out);
  const [last] = imported.out.trim().split("\n").slice(-1);
  assertEquals(last, "deno task caption --run data/runs/foreign --encoder.features=FILE PHOTO.jpg");

  const refused = async (message: string, name: string, ...args: string[]) => {
    const { code, err } = await run(folder, name, ...args);
    assertEquals([code, err.trim().split("\n").at(-1)], [1, `Error: ${message}`]);
    assert(!err.includes("Features of"), err); // before any work
  };
  const RUN = ["--run=foreign"], TINY = "--config=tiny.json";
  const cannot =
    "data/runs/foreign cannot read photos, since its features of the shape [2560] were " +
    "made elsewhere: name a file that has the photos' features by name, --encoder.features=FILE";
  await refused(cannot, "caption", ...RUN, photos[0]);
  await refused(cannot, "evaluate", ...RUN, TINY);
  const narrow =
    "narrow.npz has features of the shape [512], but data/runs/foreign takes [2560]: " +
    "take the features that it was trained with";
  await refused(narrow, "evaluate", ...RUN, TINY, "--encoder.features=narrow.npz");
  await refused(narrow, "train", "--from=foreign", TINY, "--encoder.features=narrow.npz");

  const FEATURES = "--encoder.features=features.npz";
  const captioned = await run(folder, "caption", ...RUN, FEATURES, photos[0], "elsewhere.jpg");
  assertEquals(captioned.code, 1);
  assert(captioned.out.startsWith(`${photos[0]}\t`), captioned.out);
  assert(captioned.err.includes("it has no entry in features.npz, which names its photos as"));
  const { photos: evaluated } = await json(folder, "evaluate", ...RUN, TINY, FEATURES);
  assertEquals(evaluated, 10);

  const trained = await json(folder, "train", "--from=foreign", TINY, FEATURES, "--name=on");
  assertEquals(trained.run, "data/runs/on");
  const { encoder } = JSON.parse(await Deno.readTextFile(`${folder}/data/runs/on/config.json`));
  assertEquals([encoder.kind, encoder.features], ["features", "features.npz"]);
  for (const format of ["keras", "tfjs"]) {
    const exported = await run(folder, "export", "--run=on", `--format=${format}`, "--json");
    assert(exported.err.includes("No encoder goes along: the run's features of the shape [2560]"));
    const { output } = JSON.parse(exported.out);
    const card = JSON.parse(await Deno.readTextFile(`${folder}/${output}/card.json`));
    assertEquals(card.encoder, { kind: "features", featureShape: [WIDTH] });
    const text = await Deno.readTextFile(`${folder}/${output}/README.md`);
    assert(text.includes("| feature | [–, 2560] of each photo, made elsewhere"), text);
  }
}

Deno.test({
  name: "a model of features that no encoder makes: import, caption, evaluate, train on, export",
  ignore,
  fn: () => inFolder(wayOfAnImportedRun),
});
