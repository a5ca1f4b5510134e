import { configSchema } from "../../lib/config/config.ts";
import { bundledConfigs } from "../../lib/config/config_file.ts";
import {
  ConfigError,
  describeConfig,
  differences,
  loadConfig,
  networkOf,
  parseConfig,
} from "../../lib/config/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";

const base = { name: "a", encoder: { kind: "vgg16" } };

/** The message about an invalid config. */
function messageOf(part: Record<string, unknown>): string {
  return assertThrows(() => parseConfig({ ...base, ...part }, "x.json"), ConfigError).message;
}

const sentences: [Record<string, unknown>, string][] = [
  [{ trainig: {} }, 'x.json: unknown key "trainig"; did you mean "training"? the config has'],
  [
    { training: { earlyStopping: { patiense: 1 } } },
    'x.json: unknown key "training.earlyStopping.patiense"; did you mean "training.earlyStopping.patience"? ' +
    '"training.earlyStopping" has the keys monitor, ',
  ],
  [
    { dataset: { kind: "flickr8k", size: 3 } },
    'x.json: unknown key "dataset.size": remove it; "dataset" of kind "flickr8k" has the keys kind, source,',
  ],
  [{ encoder: { kind: "x" } }, '"encoder.kind" is "x"; it must be "vgg16", "mobilenet_v2", '],
  [{ encoder: {} }, '"encoder.kind" is missing; it must be "vgg16", "mobilenet_v2", '],
  [{ encoder: undefined }, '"encoder" is missing; it must be an object whose "kind" is "vgg16", '],
  [{ encoder: 3 }, '"encoder" is 3; it must be an object whose "kind" is "vgg16", '],
  [{ dataset: { kind: "shapes", train: "a" } }, '"dataset.train" is "a"; it must be a whole '],
  [
    { training: { epochs: 1.5 } },
    '"training.epochs" is 1.5; it must be a whole number of at least 1',
  ],
  [{ decoding: { beam: 0 } }, '"decoding.beam" is 0; it must be a whole number from 1 to 100'],
  [{ decoding: { beam: 101 } }, '"decoding.beam" is 101; it must be a whole number from 1 to 100'],
  [{ training: { learningRate: 0 } }, '"training.learningRate" is 0; it must be a number above 0'],
  [
    { training: { clipNorm: "a" } },
    '"training.clipNorm" is "a"; it must be a number above 0 or null',
  ],
  [
    { model: { kind: "merge", wordDropout: 1 } },
    '"model.wordDropout" is 1; it must be a number of at least 0 and below 1',
  ],
  [
    { model: { kind: "par_inject", resetAfter: false } },
    '"model.resetAfter" is false: only a GRU has a reset gate: set cell to "gru", or leave this out',
  ],
  [
    { model: { kind: "merge", layerDropout: 0.2 } },
    '"model.layerDropout" is 0.2: one recurrent layer has none beside it: set layers to 2, or leave',
  ],
  [
    { model: { kind: "merge", imageUnits: 100 } },
    '"model.imageUnits" is 100: only vectors of the same width can be added: set it to null, or merge',
  ],
  [
    { training: { earlyStopping: true } },
    '"training.earlyStopping" is true; it must be false or an object with any of the keys monitor',
  ],
  [
    { training: { earlyStopping: { patience: -1 } } },
    '"training.earlyStopping.patience" is -1; it must be a whole number of at least 0',
  ],
  [{ training: null }, '"training" is null; it must be an object with any of the keys epochs, '],
  [{ evaluation: { split: "train" } }, '"evaluation.split" is "train"; it must be "dev" or "test"'],
  [
    { evaluation: { metrics: [] } },
    '"evaluation.metrics" is []; it must be a list of at least one',
  ],
  [{ text: { cleaning: ["x"] } }, '"text.cleaning.0" is "x"; it must be "lowercase", '],
  [{ text: { cleaning: "x" } }, '"text.cleaning" is "x"; it must be "default", '],
  [{ text: { markers: { start: "a b" } } }, '"text.markers.start" is "a b": must be one word'],
  [{ name: "a/b" }, '"name" is "a/b": it must be 1 to 100 letters, digits, _ - . and'],
  [
    { dataset: { kind: "flickr8k", split: { train: 1 } } },
    '"dataset.split" is {"train":1}: train, dev and test add up to more than 1',
  ],
];

for (const [part, expected] of sentences) {
  Deno.test(`parseConfig() of ${JSON.stringify(part)} names key, found and allowed`, () => {
    const message = messageOf(part);
    assert(message.startsWith("x.json: ") && message.includes(expected), message);
    assert(!message.includes("\n") && !message.includes("undefined"), message);
  });
}

Deno.test("parseConfig() fills in every default", () => {
  const config = parseConfig(base, "x.json");
  assertEquals(config.dataset.kind, "shapes");
  assertEquals(config.model.kind, "merge");
  assertEquals(config.training.earlyStopping, false);
  assertEquals(config.evaluation.bleu.countMarkers, false);
  assertEquals(parseConfig(config, "again"), config);
});

Deno.test("describeConfig() lists every key with its default", () => {
  const text = describeConfig();
  const config = configSchema.parse({
    ...base,
    training: { earlyStopping: {}, reduceLearningRate: {} },
  });
  const leaves = (value: unknown, path: string): string[] =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
      : [path.slice(1)];
  const all = leaves(config, "");
  assert(all.length > 60, `${all.length}`);
  for (const key of all) assert(text.includes(`--${key}\n`) || text.includes(`--${key} [`), key);
  for (
    const line of [
      "a whole number from 1 to 100 (default 3)",
      '"vgg16", "mobilenet_v2", ',
      "--dataset.source [flickr8k]",
      "--encoder.layer [vgg16]",
    ]
  ) assert(text.includes(line), line);
});

Deno.test("differences() names dotted keys of values that differ, and of those only one has", () => {
  assertEquals(differences({ a: { b: 1, c: [1] }, d: 1 }, { a: { b: 1, c: [2] }, e: null }), [
    { key: "a.c", before: [1], after: [2] },
    { key: "d", before: 1, after: undefined },
    { key: "e", before: undefined, after: null },
  ]);
  assertEquals(differences({ a: 1, b: 2 }, { b: 2, a: 1 }), []);
});

const reads = !granted("read");
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore: reads, fn });
const configs = new URL("../../configs/", import.meta.url).pathname;

test("captions longer than a transformer's positions are refused when the config is read", async () => {
  const refused = (maxWords: number, maxLength: number) =>
    assertRejects(
      () =>
        loadConfig({
          overrides: [
            "model.kind=transformer",
            `model.maxWords=${maxWords}`,
            `decoding.maxLength=${maxLength}`,
          ],
        }),
      ConfigError,
      `the transformer makes captions of model.maxWords (${maxWords}) words at most, but ` +
        `decoding.maxLength is ${maxLength}: set one to the other`,
    );
  await refused(15, 20);
  await refused(60, 61);
  const fitting = ["model.kind=transformer", "model.maxWords=15", "decoding.maxLength=15"];
  assertEquals((await loadConfig({ overrides: fitting })).decoding.maxLength, 15);
});

test("every config in configs/ parses and is named as its file", async () => {
  const names = await bundledConfigs();
  assert(names.length >= 10, names.join());
  for (const name of names) {
    const config = await loadConfig({ file: name });
    assertEquals(config.name, name);
    assert(config.description !== "", name);
  }
});

test("every config in configs/ begins with its command, the time and the scores to expect", async () => {
  for (const name of await bundledConfigs()) {
    const text = await Deno.readTextFile(`${configs}${name}.jsonc`);
    const [header] = text.split("\n{", 1);
    const command = name === "shapes" ? "//   deno task train\n" : `train --config ${name}`;
    for (const part of [command, "\n// Time", "\n// Scores"]) assert(header.includes(part), name);
  }
});

test("loadConfig() without a file takes configs/shapes.jsonc", async () => {
  assertEquals(await loadConfig({}), await loadConfig({ file: `${configs}shapes.jsonc` }));
});

test("loadConfig() finds a bundled config by name in any working folder; a path is a path", async () => {
  const folder = await Deno.makeTempDir();
  try {
    assertEquals((await loadConfig({ file: "flickr8k_vgg16", folder })).name, "flickr8k_vgg16");
    for (const name of ["mine.json", "mine.jsonc"]) {
      await Deno.writeTextFile(
        `${folder}/${name}`,
        '// mine\n{ "name": "mine", "encoder": { "kind": "vgg16" }, }',
      );
      for (const file of [name, `./${name}`, `${folder}/${name}`]) {
        assertEquals((await loadConfig({ file, folder })).name, "mine");
      }
    }
    await assertRejects(
      () => loadConfig({ file: "shapes.jsonc", folder }),
      ConfigError,
      "mean shapes?",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("loadConfig() of an unknown name suggests a similar one", async () => {
  const { message } = await assertRejects(
    () => loadConfig({ file: "flickr8k_xeption" }),
    ConfigError,
  );
  assert(
    message.startsWith(
      'There is no config "flickr8k_xeption"; did you mean flickr8k_xception? configs/ has ' +
        "flickr8k_attention, ",
    ),
    message,
  );
  assert(
    message.endsWith(" and shapes; for a file of your own give its path, such as ./mine.jsonc"),
  );
});

test("loadConfig() takes overrides: numbers, text, JSON, fields of what is switched off", async () => {
  const config = await loadConfig({
    name: "b",
    overrides: [
      "training.epochs=3",
      "decoding.lengthNormalisation=.5",
      "text.cleaning=flickr8k_bilstm",
      "evaluation.bleu.weights=[0.5,0.5]",
      "training.reduceLearningRate=false",
      "training.reduceLearningRate.patience=4",
      "description=a = b",
    ],
  });
  assertEquals(config.name, "b");
  assertEquals(config.training.epochs, 3);
  assertEquals(config.decoding.lengthNormalisation, 0.5);
  assertEquals(config.text.cleaning, "flickr8k_bilstm");
  assertEquals(config.evaluation.bleu.weights, [0.5, 0.5]);
  assertEquals((config.training.reduceLearningRate as { patience: number }).patience, 4);
  assertEquals(config.description, "a = b");
});

test("loadConfig() gives a key its default where an override says so, absent ones included", async () => {
  const set = ["decoding.consensus.samples=9", "decoding.beam=7", "training.clipNorm=null"];
  const base = await loadConfig({ overrides: set });
  const reset = ["decoding.consensus", "decoding.beam", "training.clipNorm"]
    .map((key) => `${key}=default`);
  assertEquals(await loadConfig({ base, overrides: reset }), await loadConfig({}));
  const missing = () => loadConfig({ base, overrides: ["dataset.kind=default"] });
  await assertRejects(missing, ConfigError, '"dataset.kind" is missing');
});

test("loadConfig() with another kind resets the rest of that part to its defaults", async () => {
  const before = await loadConfig({ overrides: ["dataset.train=50"] });
  const overrides = ["dataset.source=here", "dataset.kind=flickr8k"];
  const { dataset, training } = await loadConfig({ base: before, overrides });
  assertEquals([dataset.kind, "source" in dataset && dataset.source], ["flickr8k", "here"]);
  assertEquals(training, before.training);
  const same = await loadConfig({ base: before, overrides: ["dataset.kind=shapes"] });
  assertEquals(same, before);
});

test("loadConfig() names the command line where an option is wrong, not the file", async () => {
  const cases: [string, string][] = [
    ["decoding.beam=0", 'Command line: "decoding.beam" is 0; it must be a whole number from 1'],
    ["decoding.bean=3", 'Command line: unknown key "decoding.bean"; did you mean "decoding.beam"?'],
    ["training.earlyStopping.patience=-1", 'Command line: "training.earlyStopping.patience" is -1'],
    ['decoding={"beam":0}', 'Command line: "decoding.beam" is 0'],
    ["encoder.kind=x", 'Command line: "encoder.kind" is "x"; it must be "vgg16"'],
    ["decoding.beam", "write --decoding.beam=VALUE"],
  ];
  for (const [override, expected] of cases) {
    await assertRejects(() => loadConfig({ overrides: [override] }), ConfigError, expected);
  }
});

test("loadConfig() of a missing file, a folder or invalid JSON: one sentence with the file", async () => {
  await assertRejects(() => loadConfig({ file: "no.json" }), ConfigError, 'no config "no.json"');
  const here = new URL(".", import.meta.url).pathname;
  await assertRejects(() => loadConfig({ file: here }), ConfigError, `${here} is a folder`);
  const self = new URL(import.meta.url).pathname;
  await assertRejects(
    () => loadConfig({ file: self }),
    ConfigError,
    `${self} is not valid JSON: line 1, column 1: `,
  );
});

test('encoder.kind "features" takes a file of features and no network\'s keys', async () => {
  const { encoder } = await loadConfig({
    overrides: ["encoder.features=f.npz", "encoder.kind=features"],
  });
  assertEquals(encoder, {
    kind: "features",
    features: "f.npz",
    precision: "float32",
    shardSize: 512,
  });
  assertThrows(() => networkOf(encoder), RangeError, "The features come from f.npz");
  const none = { ...encoder, features: undefined };
  assertThrows(() => networkOf(none), RangeError, "--encoder.features=FILE");
  await assertRejects(
    () => loadConfig({ overrides: ["encoder.kind=features", "encoder.layer=fc2"] }),
    ConfigError,
    'unknown key "encoder.layer"',
  );
  assert(describeConfig().includes("--encoder.fit [all but features]"));
});
