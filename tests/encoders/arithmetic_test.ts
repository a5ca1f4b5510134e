import * as tf from "@tensorflow/tfjs";
import { encoderSettings } from "../../lib/config/mod.ts";
import { InferencePlan } from "../../lib/encoders/browser.ts";
import {
  arithmeticOf,
  createEncoder,
  type Encoder,
  LazyEncoder,
  withoutArithmetic,
} from "../../lib/encoders/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import type { Arithmetic, FusedOps } from "../../lib/nn/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys", "net", "run");

function randomPixels(photos: number, size: number): Uint8Array {
  const random = new Random(7, "pixels");
  // Of a picture's kind: areas of one colour and a little noise.
  return Uint8Array.from(
    { length: photos * size * size * 3 },
    (_, i) => 100 + 80 * Math.sin(i / 900) + random.integer(0, 70),
  );
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, each, i) => sum + each * y[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** The engine's operations, on a machine whose bfloat16 would be faster, or not. */
async function operations(isFaster?: boolean): Promise<FusedOps> {
  const { fused } = await startEngine();
  if (isFaster === undefined) return fused!;
  const own = fused!.bfloat16!;
  const bfloat16 = new Proxy(own, {
    get(_, name) {
      if (name === "isFaster") return isFaster;
      if (name === "reason") return "the test says so";
      const value = Reflect.get(own, name, own);
      return typeof value === "function" ? value.bind(own) : value;
    },
  });
  return { ...fused!, bfloat16 };
}

const cases: [kind: string, layer: string, size: number][] = [
  ["vgg16", "block5_pool", 32], // convolutions, maxima
  ["mobilenet_v2", "global_average_pooling2d", 64], // depthwise, sums, a mean
  ["mobilenet_v2", "predictions", 64], // means, concatenation of vectors with a softmax
  ["shapes_cnn", "features", 96], // a dense layer
  ["xception", "block3_pool", 71], // separable, maxima, a ReLU of its own
  ["inception_v3", "mixed0", 75], // means of windows, concatenations
  ["resnet50", "conv3_block1_out", 37], // a padding of its own
];

for (const [kind, layer, imageSize] of cases) {
  Deno.test({
    name:
      `bfloat16 features of ${kind} up to ${layer} have a cosine to float32's of at least .9995`,
    ignore,
    async fn() {
      const fused = await operations();
      await tf.setBackend("tensorflow");
      const before = tf.memory().numTensors;
      const pixels = randomPixels(2, imageSize);
      const features = async (arithmetic: string) => {
        const settings = { kind, layer, imageSize, weights: "random", arithmetic };
        const encoder = await createEncoder(encoderSettings.parse(settings), { fused });
        assertEquals(encoder.arithmetic, arithmetic);
        const found = await encoder.encode(pixels, 2);
        assertEquals(found, await encoder.encode(pixels, 2));
        const loaded = tf.memory().numTensors;
        await encoder.encode(pixels, 2);
        assertEquals(tf.memory().numTensors, loaded);
        encoder.dispose();
        assertEquals(tf.memory().numTensors, before);
        return found;
      };
      const [exact, rounded] = [await features("float32"), await features("bfloat16")];
      const similarity = cosine(exact, rounded);
      assert(similarity >= .9995, `${similarity}`);
      assert(similarity < 1 - 1e-9, "nothing was rounded");
    },
  });
}

Deno.test({
  name:
    "InferencePlan in bfloat16 runs dense layers as VGG16 has them, and refuses where it cannot",
  ignore,
  async fn() {
    const fused = await operations();
    await tf.setBackend("tensorflow");
    const before = tf.memory().numTensors;
    const inputs = tf.input({ shape: [4, 4, 3] });
    const outputs = [
      tf.layers.flatten(),
      tf.layers.dense({ units: 96, activation: "relu" }),
      tf.layers.dense({ units: 40 }),
    ].reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, inputs);
    const model = tf.model({ inputs, outputs });
    assertThrows(() => new InferencePlan(model, undefined, "bfloat16"), RangeError, "TensorFlow");
    const features = (arithmetic: Arithmetic) => {
      const plan = new InferencePlan(model, fused, arithmetic);
      const values = Float32Array.from({ length: 3 * 48 }, (_, i) => Math.sin(i));
      const output = plan.run([() => tf.tensor4d(values, [3, 4, 4, 3])]);
      const found = output.dataSync() as Float32Array;
      output.dispose();
      plan.dispose();
      return found;
    };
    const similarity = cosine(features("float32"), features("bfloat16"));
    assert(similarity >= .9995 && similarity < 1 - 1e-9, `${similarity}`);
    model.dispose();
    assertEquals(tf.memory().numTensors, before);
  },
});

Deno.test({
  name: "InferencePlan in bfloat16 adds the bias of a pointwise convolution of float32 unrounded",
  ignore,
  async fn() {
    const fused = await operations();
    await tf.setBackend("tensorflow");
    const before = tf.memory().numTensors;
    const inputs = tf.input({ shape: [32, 32, 3] });
    const constant = (value: number) => tf.initializers.constant({ value });
    const outputs = [
      tf.layers.conv2d({ filters: 8, kernelSize: 1, kernelInitializer: constant(0.5) }), // float32
      tf.layers.conv2d({
        ...{ filters: 2, kernelSize: 1, activation: "relu", kernelInitializer: constant(0.125) },
        biasInitializer: constant(2.0075), // bfloat16 has 2 and 2.015625
      }),
    ].reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, inputs);
    const model = tf.model({ inputs, outputs });
    const meanOf = (arithmetic: Arithmetic) => {
      const plan = new InferencePlan(model, fused, arithmetic);
      const values = Float32Array.from({ length: 32 * 32 * 3 }, (_, i) => Math.sin(i * i));
      const output = plan.run([() => tf.tensor4d(values, [1, 32, 32, 3])]);
      const found = output.dataSync() as Float32Array;
      const mean = found.reduce((sum, value) => sum + value) / found.length;
      output.dispose();
      plan.dispose();
      return mean;
    };
    const difference = Math.abs(meanOf("bfloat16") - meanOf("float32"));
    assert(difference < 2e-3 && difference > 0, `${difference}`); // a rounded bias is off by .0075
    model.dispose();
    assertEquals(tf.memory().numTensors, before);
  },
});

const small = { kind: "shapes_cnn", weights: "random", imageSize: 32, layer: "what" };

Deno.test({
  name:
    "encoder.arithmetic: the key of float32 is as ever, bfloat16 says so, auto never stands in it",
  ignore,
  async fn() {
    const keyOf = async (arithmetic: string | undefined, isFaster?: boolean) => {
      const settings = encoderSettings.parse({ ...small, arithmetic });
      const said: string[] = [];
      const options = { fused: await operations(isFaster), say: (line: string) => said.push(line) };
      const encoder: Encoder = await LazyEncoder.of(settings, options);
      const created = await createEncoder(settings, { fused: options.fused });
      assertEquals([created.key, created.arithmetic], [encoder.key, encoder.arithmetic]);
      created.dispose();
      return { key: encoder.key, said };
    };
    const { key } = await keyOf(undefined);
    assertEquals(key, "shapes_cnn-what-aa7e6200cb6d6e53");
    assertEquals(await keyOf("float32", true), { key, said: [] });
    const narrow = key.replace("-what-", "-what-bfloat16-");
    assertEquals(await keyOf("bfloat16", true), { key: narrow, said: [] });
    assertEquals(await keyOf("bfloat16", false), {
      key: narrow,
      said: ["bfloat16 may be slower than float32 here, as the test says so"],
    });
    assertEquals(await keyOf("auto", true), {
      key: narrow,
      said: ["encoder.arithmetic: auto is bfloat16 here, as the test says so"],
    });
    assertEquals(await keyOf("auto", false), {
      key,
      said: ["encoder.arithmetic: auto is float32 here, as the test says so"],
    });
    assertEquals([arithmeticOf(key), arithmeticOf(narrow)], ["float32", "bfloat16"]);
    assertEquals([withoutArithmetic(key), withoutArithmetic(narrow)], [key, key]);
  },
});

Deno.test({
  name: "LazyEncoder says what auto chose once, whether or not a photo comes",
  ignore,
  async fn() {
    const settings = encoderSettings.parse({ ...small, arithmetic: "auto" });
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    const encoder = await LazyEncoder.of(settings, { fused: await operations(true), say });
    await encoder.encode(randomPixels(1, 32), 1);
    assertEquals(said, ["encoder.arithmetic: auto is bfloat16 here, as the test says so"]);
    await encoder.dispose();
  },
});

Deno.test("encoder.arithmetic: without TensorFlow, bfloat16 is refused and auto stays float32", async () => {
  await tf.setBackend("cpu");
  const asked = (arithmetic: string) => encoderSettings.parse({ ...small, arithmetic });
  const problem = "only the engine on TensorFlow has it";
  await assertRejects(() => createEncoder(asked("bfloat16")), RangeError, problem);
  await assertRejects(() => LazyEncoder.of(asked("bfloat16")), RangeError, problem);
  const said: string[] = [];
  const encoder = await createEncoder(asked("auto"), { say: (line) => said.push(line) });
  assertEquals(said, [`encoder.arithmetic: auto is float32 here, as ${problem}`]);
  encoder.dispose();
});
