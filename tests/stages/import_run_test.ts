import { networkOf } from "../../lib/config/mod.ts";
import type { CaptionRow } from "../../lib/datasets/mod.ts";
import type { ImportedModel, RecognisedFile } from "../../lib/interchange/mod.ts";
import { createDecoder, mergeSettings } from "../../lib/models/mod.ts";
import { Run, type TrainingInputs } from "../../lib/run/mod.ts";
import { type ImportRequest, importRun, openRun, unseenPhotos } from "../../lib/stages/mod.ts";
import { NoUnseenPhotosError } from "../../lib/stages/unseen_photos.ts";
import { readSeenElsewhere } from "../../lib/run/seen_photos.ts";
import { recordRun } from "../run/record_run.ts";
import { KerasTokenizer, tokenizerFromJson } from "../../lib/text/mod.ts";
import { readCheckpoint } from "../../lib/training/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write", "env", "sys");

const words = ["startseq a dog runs endseq", "startseq two dogs endseq"];
const vocabularySize = 8;

/** A model of random weights, as if it had been read. */
function modelOf(vocabularySize: number, width = 1280, longest: number | null = 5): ImportedModel {
  const settings = mergeSettings.parse({ kind: "merge", embedding: 3, units: 4, dense: 4 });
  const inputs = { vocabularySize, featureShape: [width] };
  return {
    settings,
    weights: createDecoder(settings, inputs).initialWeights(1),
    vocabularySize,
    longest,
    featureShape: [width],
    writer: "Keras 2.15.0",
    untold: [],
    notes: ["Something was assumed"],
  };
}

/** Imports into a folder; the files need to be there for their digests alone. */
async function importInto(
  data: string,
  more: Partial<Omit<ImportRequest, "model">> & {
    model?: ImportedModel;
    keras?: KerasTokenizer;
  } = {},
) {
  const { model = modelOf(vocabularySize), keras = fitted(), ...rest } = more;
  for (const name of ["model.h5", "tokenizer.pkl"]) await Deno.writeTextFile(`${data}/${name}`, "");
  const path = `${data}/tokenizer.pkl`;
  return await importRun({ data, say: () => {} }, {
    model: { kind: "model", path: `${data}/model.h5`, model },
    tokenizer: { kind: "tokenizer", path, tokenizer: { path, format: "pickle", keras } },
    overrides: [],
    name: "imported",
    overwrite: false,
    ...rest,
  });
}

function fitted(numWords: number | null = null): KerasTokenizer {
  const keras = new KerasTokenizer({ numWords });
  keras.fitOnTexts(words);
  return keras;
}

function test(name: string, fn: (data: string) => Promise<void>) {
  Deno.test({
    name,
    ignore,
    fn: async () => {
      const data = await Deno.makeTempDir({ prefix: "showtell-test-" });
      try {
        await fn(data);
      } finally {
        await Deno.remove(data, { recursive: true });
      }
    },
  });
}

test("importRun() makes a run that decodes as the Keras notebooks do", async (data) => {
  const { run, config, notes } = await importInto(data);
  assertEquals(config, await run.readConfig());
  const { beam, maxLength, lengthNormalisation, forbidMarkers } = config.decoding;
  assertEquals({ beam, maxLength, lengthNormalisation, forbidMarkers }, {
    beam: 1,
    maxLength: 5,
    lengthNormalisation: 0,
    forbidMarkers: false,
  });
  assertEquals(config.encoder.kind, "mobilenet_v2");
  const { kernel, fit } = networkOf(config.encoder);
  assertEquals([kernel, fit], ["nearest", "stretch"]);
  assertEquals(notes.length, 3);
  const { weights } = readCheckpoint(`${run.folder}/checkpoints/best.safetensors`);
  assertEquals(weights, modelOf(vocabularySize).weights);
  const tokenizer = tokenizerFromJson(await Deno.readTextFile(`${run.folder}/tokenizer.json`));
  assertEquals(tokenizer.settings, config.text);
  assertEquals(
    tokenizer.words.slice(1).map(({ word }) => word),
    [...fitted().wordIndex.keys()],
  );
});

test("importRun() chooses the encoder by the feature's width, or as it is told", async (data) => {
  const kindOf = async (width: number, ...overrides: string[]) => {
    const model = modelOf(vocabularySize, width);
    const { config, notes } = await importInto(data, { model, overrides, overwrite: true });
    return [config.encoder.kind, notes.some((note) => note.includes(`takes ${width} numbers`))];
  };
  assertEquals(await kindOf(4096), ["vgg16", true]);
  assertEquals(await kindOf(1280), ["mobilenet_v2", true]);
  assertEquals(await kindOf(2048), ["xception", true]);
  assertEquals(await kindOf(2048, "encoder.kind=resnet50"), ["resnet50", false]);
  assertEquals(await kindOf(77), ["features", true]);
  assertEquals(await kindOf(1280, "encoder.kind=features"), ["features", false]);
});

test("importRun() refuses a tokenizer of another vocabulary with both numbers", async (data) => {
  const { message } = await assertRejects(
    () => importInto(data, { model: modelOf(9) }),
    RangeError,
  );
  assertEquals(
    message,
    `${data}/tokenizer.pkl has a vocabulary of 8 with index 0, but the model in ${data}/model.h5 ` +
      "has one of 9: they are not of the same training; import the tokenizer that the model was " +
      "trained with",
  );
  await assertRejects(() => Deno.stat(`${data}/runs`), Deno.errors.NotFound);
});

test("importRun() takes all words where the model was made for more than num_words", async (data) => {
  const { notes } = await importInto(data, { keras: fitted(6) });
  assert(
    notes.at(-2)!.includes("all 8 words of the tokenizer, whose num_words is 6"),
    notes.join(),
  );
  const limited = { keras: fitted(6), model: modelOf(6), overwrite: true };
  assertEquals((await importInto(data, limited)).notes.length, 3);
});

test("importRun() refuses features of another shape, and what the files tell already", async (data) => {
  const features: Extract<RecognisedFile, { kind: "features" }> = {
    kind: "features",
    path: `${data}/features.pkl`,
    features: { format: "pickle", names: ["1"], featureShape: [4096], dtype: "float32" },
  };
  const refusal = async (more: Parameters<typeof importInto>[1]) =>
    (await assertRejects(() => importInto(data, more), Error)).message;
  assertEquals(
    await refusal({ features }),
    `${data}/features.pkl has features of the shape [4096], but the model in ${data}/model.h5 ` +
      "takes [1280]",
  );
  assertEquals(
    await refusal({ overrides: ["model.units=3"] }),
    "--model.units=3: what the files tell of text and model cannot be set",
  );
  const cleaning = await refusal({ overrides: ["text.cleaning=no_such"] });
  assert(cleaning.startsWith('--text.cleaning is "no_such"; it must be one of default,'), cleaning);
});

test("importRun() leaves a run of the same name alone, and training leaves it alone", async (data) => {
  const { run, config } = await importInto(data);
  const again = await assertRejects(() => importInto(data), Error);
  assertEquals(
    again.message,
    `There is a run in ${run.folder} already: give this one another --name, or --overwrite it`,
  );
  const experiment = {
    config,
    data,
    engine: () => Promise.reject(new Error("No engine is needed here")),
    say: () => {},
    onProgress: () => {},
  };
  const trained = await assertRejects(() => openRun(experiment), Error);
  assert(trained.message.includes(`${run.folder} was imported, and training`), trained.message);
});

const inputs = { training: {} } as TrainingInputs;

const row = (photo: string): CaptionRow => ({
  photo,
  digest: `digest of ${photo}`,
  caption: "a dog",
  split: "test",
});

test("unseenPhotos() scores nothing of an imported run whose photos are not known", async (data) => {
  const { run } = await importInto(data);
  const error = await assertRejects(
    () => unseenPhotos([row("1.jpg")], "test", run, () => {}),
    NoUnseenPhotosError,
  );
  assert(
    error.message.startsWith(
      `${run.folder} was imported, or trained from what was, and nobody said`,
    ),
  );
});

test("unseenPhotos() leaves out the photos that an imported run is said to have seen", async (data) => {
  const { run } = await importInto(data, { trainedOn: ["1.jpg", "Images/2"] });
  const lines: string[] = [];
  const captions = ["1.jpg", "photos/2.png", "3.jpg"].map(row);
  const { rows } = await unseenPhotos(captions, "test", run, (line) => lines.push(line));
  assertEquals(rows.map(({ photo }) => photo), ["3.jpg"]);
  assertEquals(lines, [
    "Which photos the run saw elsewhere is taken from whoever imported it",
    "2 captions of test are left out: the run was trained on their photos",
  ]);
});

test("unseenPhotos() of a run that started from an imported one knows no more", async (data) => {
  const { run } = await importInto(data);
  const next = Run.named("next", data);
  await Deno.mkdir(next.folder);
  await next.beginTraining(inputs, ["digest of 1.jpg"], run);
  await recordRun(next);
  assertEquals(await readSeenElsewhere(next.paths), { photos: null });
  await assertRejects(
    () => unseenPhotos([row("9.jpg")], "test", next, () => {}),
    NoUnseenPhotosError,
  );
});

test("unseenPhotos() of a run that started from another leaves out what both saw", async (data) => {
  const [first, second] = ["first", "second"].map((name) => Run.named(name, data));
  for (const { folder } of [first, second]) await Deno.mkdir(folder, { recursive: true });
  await first.beginTraining(inputs, ["digest of 1.jpg"]);
  await recordRun(first);
  await second.beginTraining(inputs, ["digest of 2.jpg"], first);
  await recordRun(second);
  const captions = ["1.jpg", "2.jpg", "3.jpg"].map(row);
  const { rows } = await unseenPhotos(captions, "test", second, () => {});
  assertEquals(rows.map(({ photo }) => photo), ["3.jpg"]);
});

test("importRun() says which encoder was taken, and of which others the model's may be", async (data) => {
  const noteOf = async (width: number, ...overrides: string[]) => {
    const model = modelOf(vocabularySize, width);
    return (await importInto(data, { model, overrides, overwrite: true })).notes.at(-1)!;
  };
  assertEquals(
    await noteOf(1280),
    "Photos are encoded by mobilenet_v2, layer global_average_pooling2d, 224 pixels a side, since the " +
      "model takes 1280 numbers; EfficientNet-B0 and EfficientNetV2 give as many, and photos cannot " +
      "be encoded by these here: if one of them made the model's features, set " +
      "--encoder.kind=features, which takes them from a file",
  );
  const several = await noteOf(2048);
  assert(several.includes("so do those of inception_v3 and resnet50: --encoder.kind="), several);
  assert(several.includes("EfficientNet-B5"), several);
  assertEquals(
    await noteOf(4096, "encoder.kind=vgg16", "encoder.layer=fc1"),
    "Photos are encoded by vgg16, layer fc1, 224 pixels a side, as asked",
  );
  assertEquals(
    await noteOf(2560),
    "The run cannot read photos, since the model takes 2560 numbers, which no encoder here usually " +
      "gives (EfficientNet-B7 does): it captions those that a file has features of by name, " +
      "--encoder.features=FILE",
  );
  const flat = await noteOf(25088);
  assert(
    flat.endsWith(
      "; --encoder.kind=vgg16 --encoder.layer=flatten reads photos, if that made the features",
    ),
    flat,
  );
});

test("importRun() refuses an encoder of another shape than the model's before any run", async (data) => {
  const { message } = await assertRejects(
    () => importInto(data, { overrides: ["encoder.kind=vgg16"] }),
    RangeError,
  );
  assertEquals(
    message,
    "The encoder vgg16, layer fc2, gives features of the shape [4096], but the model in " +
      `${data}/model.h5 takes [1280]: set --encoder.kind= and --encoder.layer=, or ` +
      "--encoder.kind=features --encoder.features=FILE, which takes them from a file",
  );
  await assertRejects(() => Deno.stat(`${data}/runs`), Deno.errors.NotFound);
});
