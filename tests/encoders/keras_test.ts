/**
 * The encoders against Keras itself, run by the Python that SHOWTELL_KERAS_PYTHON names:
 *
 *     SHOWTELL_KERAS_PYTHON=venv/bin/python deno test -A tests/encoders/keras_test.ts
 */
import * as tf from "@tensorflow/tfjs";
import { createEncoder, encoderSettings } from "../../lib/encoders/mod.ts";
import { startEngine } from "../../lib/tensorflow/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const python = granted("env") ? Deno.env.get("SHOWTELL_KERAS_PYTHON") : undefined;
const ignore = python === undefined || !granted("read", "write", "ffi", "run", "sys", "net");

/**
 * Random weights and batch-norm statistics, saved in all layouts; three random photos; the outputs
 * of some layers.
 */
const script = `
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py, keras, numpy as np
from keras.src.legacy.saving import legacy_h5_format
kind, top, folder, names = sys.argv[1], sys.argv[2] == "top", sys.argv[3], sys.argv[4].split(",")
keras.utils.set_random_seed(1)
random = np.random.default_rng(1)
make = {"vgg16": keras.applications.VGG16, "mobilenet_v2": keras.applications.MobileNetV2}[kind]
prepare = getattr(keras.applications, kind).preprocess_input
model = make(weights=None, include_top=top, input_shape=(224, 224, 3))
for layer in model.layers:
    weights = layer.get_weights()
    if isinstance(layer, keras.layers.BatchNormalization):
        shape = weights[0].shape
        layer.set_weights([random.uniform(.5, 1.5, shape), random.normal(0, .3, shape),
                           random.normal(0, .3, shape), random.uniform(.3, 2, shape)])
    elif len(weights) == 2:
        layer.set_weights([weights[0] * 1.3, random.normal(0, .1, weights[1].shape)])
pixels = random.integers(0, 256, (3, 224, 224, 3)).astype(np.uint8)
pixels.tofile(folder + "/pixels")
part = keras.Model(model.input, [model.get_layer(name).output for name in names])
outputs = part.predict(prepare(pixels.astype(np.float32)), verbose=0)
for name, output in zip(names, outputs if len(names) > 1 else [outputs]):
    np.asarray(output[0] if isinstance(output, list) else output, np.float32).tofile(folder + "/" + name)
model.save_weights(folder + "/a.weights.h5")
with h5py.File(folder + "/legacy.h5", "w") as file:
    legacy_h5_format.save_weights_to_hdf5_group(file, model)
if kind != "vgg16" or not top:
    model.save(folder + "/whole.h5")
`;

const cases: [kind: string, top: string, layers: string[]][] = [
  ["mobilenet_v2", "top", [
    "global_average_pooling2d",
    "out_relu",
    "block_6_depthwise",
    "predictions",
  ]],
  ["mobilenet_v2", "no top", ["out_relu", "block_13_project_BN", "Conv1_relu"]],
  ["vgg16", "no top", ["block5_pool", "block5_conv3", "block1_conv2"]],
  ["vgg16", "top", ["fc2", "fc1", "predictions"]],
];

for (const [kind, top, layers] of cases) {
  Deno.test({
    name: `createEncoder() of ${kind} with ${top} equals Keras within 1e-4 in every layout`,
    ignore,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        const args = ["-c", script, kind, top, folder, layers.join(",")];
        const { code, stderr } = await new Deno.Command(python!, { args }).output();
        assertEquals(code, 0, new TextDecoder().decode(stderr));
        const { fused } = await startEngine();
        const pixels = await Deno.readFile(`${folder}/pixels`);
        for await (const { name } of Deno.readDir(folder)) {
          if (!name.endsWith(".h5")) continue;
          for (const layer of layers) {
            for (const operations of [fused, undefined]) {
              const before = tf.memory().numTensors;
              const settings = { kind, layer, weights: `${folder}/${name}` };
              const encoder = await createEncoder(encoderSettings.parse(settings), {
                fused: operations,
              });
              const found = await encoder.encode(pixels, 3);
              encoder.dispose();
              assertEquals(tf.memory().numTensors, before);
              const expected = new Float32Array((await Deno.readFile(`${folder}/${layer}`)).buffer);
              assertEquals(found.length, expected.length);
              let difference = 0, largest = 0;
              expected.forEach((value, i) => {
                largest = Math.max(largest, Math.abs(value));
                difference = Math.max(difference, Math.abs(value - found[i]));
              });
              assert(difference / largest <= 1e-4, `${name}, ${layer}: ${difference / largest}`);
            }
          }
        }
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
