/**
 * The encoders against Keras itself, run by the Python that SHOWTELL_KERAS_PYTHON names:
 *
 *     SHOWTELL_KERAS_PYTHON=venv/bin/python deno test -A tests/encoders/keras_test.ts
 */
import * as tf from "@tensorflow/tfjs";
import { createEncoder, encoderSettings } from "../../lib/encoders/mod.ts";
import type { FusedOps } from "../../lib/models/mod.ts";
import { startEngine } from "../../lib/tensorflow/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

const python = granted("env") ? Deno.env.get("SHOWTELL_KERAS_PYTHON") : undefined;
const ignore = python === undefined || !granted("read", "write", "ffi", "run", "sys", "net");
const script = new URL("./write_keras_network.py", import.meta.url).pathname;

/** Of each network: layers that its part without a top has, and layers that need the top. */
const cases: { kind: string; size: number; noTop: string[]; top: string[] }[] = [
  {
    kind: "mobilenet_v2",
    size: 224,
    noTop: ["global_average_pooling2d", "out_relu", "block_13_project_BN", "block_6_depthwise"],
    top: ["predictions"],
  },
  { kind: "vgg16", size: 224, noTop: ["block5_pool", "block1_conv2"], top: ["fc2", "predictions"] },
  {
    kind: "xception",
    size: 299,
    noTop: ["avg_pool", "block14_sepconv2_act", "block4_sepconv1", "add_5"],
    top: ["predictions"],
  },
  {
    kind: "inception_v3",
    size: 299,
    noTop: ["avg_pool", "mixed10", "average_pooling2d_2", "conv2d_75"],
    top: ["predictions"],
  },
  {
    kind: "resnet50",
    size: 224,
    noTop: ["avg_pool", "conv5_block3_out", "pool1_pool", "conv3_block1_0_bn"],
    top: ["predictions"],
  },
];

for (const { kind, size, noTop, top } of cases) {
  Deno.test({
    name: `createEncoder() of ${kind} equals Keras within 1e-4, with and without top, ` +
      "in every layout",
    ignore,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        const args = [script, kind, `${size}`, folder, [...noTop, ...top].join(",")];
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
        const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
          .filter((name) => /\.(h5|json)$/.test(name)).toSorted();
        for (const name of names) {
          const layers = name.startsWith("top.") ? top : noTop;
          await check(name, layers[0], fused);
        }
        const file = "top.keras3_legacy.h5";
        for (const layer of [...noTop.slice(1), ...top.slice(1)]) await check(file, layer, fused);
        for (const layer of [...noTop, top.at(-1)!]) await check(file, layer);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** Within 1e-4: of the largest feature, or altogether where that is above 1. */
function assertClose(found: Float32Array, expected: Float32Array, where: string): void {
  assertEquals(found.length, expected.length);
  let difference = 0, largest = 0;
  expected.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value));
    difference = Math.max(difference, Math.abs(value - found[i]));
  });
  const isProbability = where.endsWith("predictions");
  assert(isProbability || largest > 0.3 && largest < 100, `${where}: up to ${largest}`);
  assert(difference <= 1e-4 * Math.min(1, largest), `${where}: ${difference} of ${largest}`);
}
