import * as tf from "@tensorflow/tfjs";
import { loadConfig, networkOf } from "../../lib/config/mod.ts";
import { loadNetwork } from "../../lib/encoders/mod.ts";
import { readKerasModel } from "../../lib/interchange/mod.ts";
import { createDecoder } from "../../lib/models/mod.ts";
import { Run } from "../../lib/run/mod.ts";
import { exportRun } from "../../lib/stages/mod.ts";
import { fitTokenizer, tokenizerToJson } from "../../lib/text/mod.ts";
import { startOfEpoch, writeCheckpoint } from "../../lib/training/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";
import { recordRun } from "../run/record_run.ts";

const ignore = !granted("read", "write");

/** A data folder with a run of random weights in it. */
async function withRun(
  test: (
    run: string,
    data: string,
    make: (request: Record<string, unknown>) => ReturnType<typeof exportRun>,
  ) => Promise<void>,
): Promise<void> {
  await tf.setBackend("cpu");
  const data = await Deno.makeTempDir();
  const run = `${data}/runs/made`;
  try {
    const config = await loadConfig({
      name: "made",
      overrides: ["model.embedding=4", "model.units=5", "model.dense=4", "decoding.maxLength=6"],
    });
    const tokenizer = fitTokenizer(["a red circle", "a blue square on grass"], config.text);
    const { model: network, key } = await loadNetwork(networkOf(config.encoder));
    const featureShape = network.outputs[0].shape.slice(1) as number[];
    network.dispose();
    const inputs = { vocabularySize: tokenizer.vocabularySize, featureShape };
    const weights = createDecoder(config.model, inputs).initialWeights(1);
    const at = {
      steps: 0,
      position: startOfEpoch(0),
      learningRate: 0,
      callbacks: {},
      moments: new Map(),
    };
    await writeCheckpoint(`${run}/checkpoints/best.safetensors`, { weights, ...at });
    await Deno.writeTextFile(`${run}/tokenizer.json`, tokenizerToJson(tokenizer));
    await recordRun(new Run(run), { featureShape, encoderKey: key });
    const experiment = { config, data, say: () => {}, onProgress: () => {} };
    await test(run, data, (request) => exportRun(experiment, { run, ...request } as never));
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

const test = (name: string, fn: Parameters<typeof withRun>[0]) =>
  Deno.test({ name, ignore, fn: () => withRun(fn) });

function filesOf(folder: string, inner = ""): string[] {
  return [...Deno.readDirSync(`${folder}/${inner}`)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesOf(folder, `${inner}${name}/`) : [inner + name]
  ).toSorted();
}

test("exportRun() writes each format under the data folder, whole", async (run, data, make) => {
  for (const format of ["keras", "h5"]) {
    const { output, bytes } = await make({ format });
    assertEquals(output, `${data}/exports/made-${format}`);
    const decoder = `decoder.${format}`;
    assertEquals(filesOf(output), [
      "README.md",
      "card.json",
      decoder,
      "decoder.svg",
      "tokenizer.json",
    ]);
    const sizes = filesOf(output).map((file) => Deno.statSync(`${output}/${file}`).size);
    assertEquals(bytes, sizes.reduce((sum, size) => sum + size, 0));
    assertEquals((await readKerasModel(`${output}/${decoder}`)).longest, 7);
  }
  const { output } = await make({ format: "tfjs" });
  assertEquals(filesOf(output), [
    "README.md",
    "captioner.js",
    "captioner.json",
    "card.json",
    "decoder.svg",
    "decoder/group1-shard1of1.bin",
    "decoder/model.json",
    "decoder/weights.safetensors",
    "encoder/group1-shard1of1.bin",
    "encoder/model.json",
    "vocabulary/showtell_tokenizer.json",
    "vocabulary/tokenizer.json",
  ]);
  assertEquals(
    await Deno.readTextFile(`${output}/vocabulary/showtell_tokenizer.json`),
    await Deno.readTextFile(`${run}/tokenizer.json`),
  );
  const elsewhere = await make({ format: "tfjs", withoutEncoder: true, output: `${data}/page` });
  assert(filesOf(elsewhere.output).every((file) => !file.startsWith("encoder")));
});

test(
  "exportRun() refuses a folder that is there, and replaces it if asked and an export",
  async (_, data, make) => {
    const output = `${data}/page`;
    await Deno.mkdir(output);
    await Deno.writeTextFile(`${output}/old`, "");
    for (const overwrite of [false, true]) { // which is not offered where it would not help
      const other = await assertRejects(() => make({ format: "h5", output, overwrite }), Error);
      assertEquals(
        other.message,
        `${output} is there already and no export, since it has no card.json: choose another --output`,
      );
    }
    assertEquals(filesOf(output), ["old"]);
    await Deno.writeTextFile(`${output}/card.json`, "{}");
    const { message } = await assertRejects(() => make({ format: "h5", output }), Error);
    assertEquals(message, `${output} is there already: choose another --output, or --overwrite it`);
    await make({ format: "h5", output, overwrite: true });
    assert(!filesOf(output).includes("old") && filesOf(output).includes("decoder.h5"));
    assertEquals([...Deno.readDirSync(data)].map(({ name }) => name).toSorted(), ["page", "runs"]);
  },
);

test(
  "exportRun() with other encoder weights writes nothing and says so",
  async (run, data, make) => {
    const { featureShape } = await new Run(run).readTraining();
    await recordRun(new Run(run), { featureShape, encoderKey: "another" });
    const before = tf.memory().numTensors;
    const { message } = await assertRejects(() => make({ format: "tfjs" }), Error);
    assert(
      /are not those that this run was trained with: it needs another, found \S+: set --encoder\.weights=, or export --without-encoder$/
        .test(message),
      message,
    );
    assertEquals(tf.memory().numTensors, before);
    assertEquals([...Deno.readDirSync(data)].map(({ name }) => name), ["runs"]);
  },
);

test(
  "exportRun() of a run that is not trained, or of other weights, says so",
  async (run, _, make) => {
    await writeCheckpoint(`${run}/checkpoints/best.safetensors`, {
      weights: new Map([["image/bias", { shape: [3], data: new Float32Array(3) }]]),
      moments: new Map(),
      steps: 0,
      position: startOfEpoch(0),
      learningRate: 0,
      callbacks: {},
    });
    const { featureShape } = await new Run(run).readTraining();
    await recordRun(new Run(run), { featureShape });
    const other = await assertRejects(() => make({ format: "keras" }), Error);
    assert(
      /is of another network: image\/kernel should be \[.*\], but is missing/.test(other.message),
    );
    await Deno.remove(`${run}/training.json`);
    const { message } = await assertRejects(() => make({ format: "keras" }), Error);
    assert(message.includes("is not trained to its end"), message);
  },
);
