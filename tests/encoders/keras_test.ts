/**
 * The encoders against Keras itself, run by the Python that SHOWTELL_KERAS_PYTHON names: one of
 * them, drawn by a seed, or all after `-- all`.
 *
 *     SHOWTELL_KERAS_PYTHON=venv/bin/python deno test -A tests/encoders/keras_test.ts
 */
import * as tf from "@tensorflow/tfjs";
import { encoderSettings } from "../../lib/config/mod.ts";
import { createEncoder } from "../../lib/encoders/mod.ts";
import type { FusedOps } from "../../lib/nn/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { sampleOne } from "../sample.ts";
import { granted } from "../permissions.ts";

const python = granted("env") ? Deno.env.get("SHOWTELL_KERAS_PYTHON") : undefined;
const ignore = python === undefined || !granted("read", "write", "ffi", "run", "sys", "net");
const script = new URL("./weights/write_keras_network.py", import.meta.url).pathname;

interface Case {
  kind: string;
  size: number;
  /** Layers that the network without its top has; the first is read from every file. */
  noTop: string[];
  /** Layers that need the top; the first is read from every file with a top. */
  top: string[];
  /** Files that Keras writes: the model and the layout, as its script names them. */
  files: string[];
}

const all = ["keras2.h5", "keras3_legacy.h5", "weights.h5", "whole.h5", "json"];
const cases: Case[] = [
  {
    kind: "mobilenet_v2",
    size: 224,
    noTop: ["global_average_pooling2d", "out_relu", "block_13_project_BN", "block_6_depthwise"],
    top: ["predictions"],
    files: [
      ...all.map((layout) => `top.${layout}`),
      ...["head.whole.h5", "head.weights.h5", "head.keras", "wrapped.whole.h5", "wrapped.keras"],
      ...all.map((layout) => `no_top.${layout}`),
    ],
  },
  {
    kind: "vgg16",
    size: 224,
    noTop: ["block5_pool", "block1_conv2"],
    top: ["fc2"],
    files: ["top.weights.h5", "no_top.keras1.h5", "no_top.keras3_legacy.h5", "no_top.whole.h5"],
  },
  {
    kind: "xception",
    size: 299,
    noTop: ["avg_pool", "block4_sepconv1", "add_5"],
    top: ["predictions"],
    files: ["top.keras1.h5", "top.weights.h5", "no_top.keras1.h5", "no_top.whole.h5"],
  },
  {
    kind: "inception_v3",
    size: 299,
    noTop: ["avg_pool", "average_pooling2d_2", "conv2d_75"],
    top: ["predictions"],
    files: [
      ...all.map((layout) => `no_top.${layout}`),
      "no_top.early.weights.h5",
      "top.early.weights.h5",
      "top.keras3_legacy.h5",
      "top.weights.h5",
    ],
  },
  {
    kind: "resnet50",
    size: 224,
    noTop: ["avg_pool", "pool1_pool", "conv3_block1_0_bn"],
    top: ["predictions"],
    files: ["top.keras2.h5", "top.whole.h5", "no_top.weights.h5", "no_top.json"],
  },
];

for (const { kind, size, noTop, top, files } of sampleOne(cases, "encoders")) {
  Deno.test({
    name: `createEncoder() of ${kind} equals Keras within 1e-4, with and without top`,
    ignore,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        const args = [script, kind, `${size}`, folder, [...noTop, ...top].join(), files.join()];
        const { code, stderr } = await new Deno.Command(python!, { args }).output();
        assertEquals(code, 0, new TextDecoder().decode(stderr));
        const { fused } = await startEngine();
        const pixels = await Deno.readFile(`${folder}/pixels`);
        const check = async (file: string, layer: string, operations?: FusedOps) => {
          const before = tf.memory().numTensors;
          const settings = { kind, layer, weights: `${folder}/${file}` };
          const encoder = await createEncoder(encoderSettings.parse(settings), {
            fused: operations,
          });
          const found = await encoder.encode(pixels, 2);
          encoder.dispose();
          assertEquals(tf.memory().numTensors, before);
          const expected = new Float32Array((await Deno.readFile(`${folder}/${layer}`)).buffer);
          assertClose(found, expected, `${file}, ${layer}`);
        };
        for (const file of files) {
          await check(file, file.startsWith("top.") ? top[0] : noTop[0], fused);
        }
        for (const layer of noTop.slice(1)) await check(files.at(-1)!, layer, fused);
        for (const layer of noTop) await check(files.at(-1)!, layer); // without the fused operations
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/**
 * Within 1e-4: of the largest feature, or altogether where that is above 1. For this to say
 * something, features must be neither tiny nor huge, and depend on the photo.
 */
function assertClose(found: Float32Array, expected: Float32Array, where: string): void {
  assertEquals(found.length, expected.length);
  const half = expected.length / 2;
  let difference = 0, largest = 0, apart = 0, sum = 0, squares = 0;
  expected.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value));
    difference = Math.max(difference, Math.abs(value - found[i]));
    apart = Math.max(apart, Math.abs(value - expected[(i + half) % expected.length]));
    sum += value;
    squares += value ** 2;
  });
  if (!where.endsWith("predictions")) { // probabilities are small
    const deviation = Math.sqrt(squares / expected.length - (sum / expected.length) ** 2);
    assert(deviation > 0.2 && deviation < 10, `${where}: standard deviation ${deviation}`);
    assert(apart > 0.02, `${where}: photos are but ${apart} apart`);
  }
  assert(difference <= 1e-4 * Math.min(1, largest), `${where}: ${difference} of ${largest}`);
}
