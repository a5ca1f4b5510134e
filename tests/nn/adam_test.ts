import * as tf from "@tensorflow/tfjs";
import { Random } from "../../lib/random/mod.ts";
import { type OptimizerFactory, type Weights } from "../../lib/nn/mod.ts";
import { PlainAdam } from "../../lib/nn/plain_adam.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import {
  ignoreTensorFlow,
  startTensorFlow,
  withoutLeak,
} from "../engine/tensorflow/tensorflow_backend.ts";

const shapes: [string, number[]][] = [["a/kernel", [3, 4]], ["a/bias", [4]], ["scale", []]];

function draw(name: string): Weights {
  return new Map(shapes.map(([key, shape]) => {
    const random = new Random(6, name, key);
    const size = shape.reduce((product, length) => product * length, 1);
    return [key, { shape, data: Float32Array.from({ length: size }, () => random.normal()) }];
  }));
}

/** One step with gradients of this name. */
function step(
  optimizer: ReturnType<OptimizerFactory>,
  name: string,
  rate = 0.01,
  factors?: ReadonlyMap<string, number>,
): void {
  const gradients = new Map(
    [...draw(name)].map(([key, { shape, data }]) => [key, tf.tensor(data, shape)]),
  );
  optimizer.apply(gradients, rate, factors);
  tf.dispose([...gradients.values()]);
}

const plain: OptimizerFactory = (weights, settings) => new PlainAdam(weights, settings);

/** A test of the plain Adam and of TensorFlow's. */
function test(name: string, criterion: (factory: OptimizerFactory) => void): void {
  for (const way of ["PlainAdam", "ResourceAdam"]) {
    Deno.test({
      name: `${way} ${name}`,
      ignore: ignoreTensorFlow,
      async fn() {
        const { backend, optimizer } = await startTensorFlow();
        await withoutLeak(backend, () => criterion(way === "PlainAdam" ? plain : optimizer));
      },
    });
  }
}

function close(actual: Weights, expected: Weights, tolerance: number): void {
  assertEquals([...actual.keys()], [...expected.keys()]);
  for (const [key, { data }] of expected) {
    const error = Math.max(...data.map((x, i) => Math.abs(x - actual.get(key)!.data[i])));
    assert(error <= tolerance, `${key}: off by ${error}`);
  }
}

test("moves a weight with a factor as at another rate", (factory) => {
  const [one, other] = [factory(draw("start")), factory(draw("start"))];
  for (const name of ["first", "second"]) {
    step(one, name, 0.01, new Map([["a/bias", 0.25]]));
    step(other, name, 0.0025);
  }
  const [mixed, slow] = [one.weights(), other.weights()];
  assertEquals(mixed.get("a/bias"), slow.get("a/bias"));
  const rest = factory(draw("start"));
  for (const name of ["first", "second"]) step(rest, name, 0.01);
  for (const name of ["a/kernel", "scale"]) {
    assertEquals(mixed.get(name), rest.weights().get(name));
    assert(mixed.get(name)!.data[0] !== slow.get(name)!.data[0]);
  }
  for (const optimizer of [one, other, rest]) optimizer.dispose();
});

test("follows Keras' formula for three steps, worked out in double precision", (factory) => {
  const [beta1, beta2, epsilon] = [0.8, 0.95, 1e-3];
  const optimizer = factory(draw("start"), { beta1, beta2, epsilon });
  const rates = [0.1, 0.01, 0.2];
  rates.forEach((rate, i) => step(optimizer, `gradient ${i}`, rate));
  const { weights, moments, steps } = optimizer.state();
  optimizer.dispose();
  assertEquals(steps, 3);
  for (const [key, { data }] of draw("start")) {
    data.forEach((start, k) => {
      let [w, m, v] = [start, 0, 0];
      rates.forEach((rate, i) => {
        const g = draw(`gradient ${i}`).get(key)!.data[k];
        m += (g - m) * (1 - beta1);
        v += (g * g - v) * (1 - beta2);
        const alpha = rate * Math.sqrt(1 - beta2 ** (i + 1)) / (1 - beta1 ** (i + 1));
        w -= m * alpha / (Math.sqrt(v) + epsilon);
      });
      assert(Math.abs(weights.get(key)!.data[k] - w) < 1e-6, `${key}[${k}]`);
      assert(Math.abs(moments.get(`${key}/m`)!.data[k] - m) < 1e-6, `${key}/m[${k}]`);
      assert(Math.abs(moments.get(`${key}/v`)!.data[k] - v) < 1e-6, `${key}/v[${k}]`);
    });
  }
});

test("moves each weight by the learning rate in its first step", (factory) => {
  const optimizer = factory(new Map([["w", { shape: [2], data: Float32Array.of(1, 1) }]]));
  const gradient = tf.tensor1d([1, -1e3]);
  optimizer.apply(new Map([["w", gradient]]), 0.1);
  gradient.dispose();
  const { data } = optimizer.state().weights.get("w")!;
  assert(Math.abs(data[0] - 0.9) < 1e-5 && Math.abs(data[1] - 1.1) < 1e-5, String(data));
  optimizer.dispose();
});

test("read() gives tensors of the weights by name, which stay what they were", (factory) => {
  const optimizer = factory(draw("start"));
  const tensors = optimizer.read();
  step(optimizer, "gradient");
  for (const [key, { shape, data }] of draw("start")) {
    assertEquals(tensors.get(key)!.shape, shape);
    assertEquals(tensors.get(key)!.dataSync<"float32">(), data);
  }
  tf.dispose([...tensors.values()]);
  optimizer.dispose();
});

test("resumes from state() as if it had not been interrupted, bit for bit", (factory) => {
  const [one, other] = [factory(draw("start")), factory(draw("elsewhere"))];
  step(one, "gradient 0");
  step(one, "gradient 1");
  other.setState(one.state());
  step(one, "gradient 2");
  step(other, "gradient 2");
  assertEquals(other.state(), one.state());
  assertEquals(one.weights(), one.state().weights);
  [one, other].forEach((each) => each.dispose());
});

test("setState() without moments starts them from zero", (factory) => {
  const [one, fresh] = [factory(draw("elsewhere")), factory(draw("start"))];
  step(one, "gradient 0");
  one.setState({ weights: draw("start") });
  [one, fresh].forEach((each) => step(each, "gradient 1"));
  assertEquals(one.state(), fresh.state());
  [one, fresh].forEach((each) => each.dispose());
});

test("does not change the weights it was given, nor those it gave", (factory) => {
  const given = draw("start");
  const optimizer = factory(given);
  const { weights } = optimizer.state();
  step(optimizer, "gradient");
  assertEquals([...given], [...draw("start")]);
  assertEquals([...weights], [...draw("start")]);
  optimizer.dispose();
});

test("refuses names and shapes that are not its weights'", (factory) => {
  const optimizer = factory(draw("start"));
  const wrong = tf.zeros([4, 3]);
  assertThrows(() => optimizer.apply(new Map([["b", wrong]]), 1), RangeError, '"b"');
  assertThrows(
    () => optimizer.apply(new Map([["a/kernel", wrong]]), 1),
    RangeError,
    '"a/kernel" has shape [3,4], but [4,3]',
  );
  const data = new Float32Array(12);
  assertThrows(
    () => optimizer.setState({ weights: new Map([["a/kernel", { shape: [4, 3], data }]]) }),
    RangeError,
    '"a/kernel" has shape [3,4], but [4,3]',
  );
  wrong.dispose();
  close(optimizer.state().weights, draw("start"), 0);
  optimizer.dispose();
});

Deno.test({
  name: "ResourceAdam equals PlainAdam over twenty steps within 1e-6",
  ignore: ignoreTensorFlow,
  async fn() {
    const { optimizer } = await startTensorFlow();
    const both = [plain(draw("start")), optimizer(draw("start"))];
    for (let i = 0; i < 20; i++) both.forEach((each) => step(each, `gradient ${i}`));
    close(both[1].state().weights, both[0].state().weights, 1e-6);
    close(both[1].state().moments, both[0].state().moments, 1e-6);
    both.forEach((each) => each.dispose());
  },
});
