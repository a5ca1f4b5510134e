import * as tf from "@tensorflow/tfjs";
import { join } from "node:path";
import { encoderSettings } from "../../lib/config/mod.ts";
import { createEncoder, type KernelChoice } from "../../lib/encoders/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import type { Convolution, FusedOps } from "../../lib/nn/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write", "ffi", "env", "sys", "net", "run");

/** The engine's operations, and how often each kernel computed. */
async function counting() {
  const { fused } = await startEngine();
  await tf.setBackend("tensorflow");
  const calls = { eigen: 0, oneDnn: 0, own: 0 };
  const counted = (name: keyof typeof calls, of: Convolution): Convolution => (...args) => {
    calls[name]++;
    return of(...args);
  };
  const kernels = fused!.kernels && {
    eigen: counted("eigen", fused!.kernels.eigen),
    oneDnn: counted("oneDnn", fused!.kernels.oneDnn),
    machine: "a machine of this test",
  };
  const ops: FusedOps = { ...fused!, kernels, conv2d: counted("own", fused!.conv2d) };
  return { fused: ops, calls };
}

/** Works with a home of its own. */
async function atHome(work: (home: string) => Promise<void>): Promise<void> {
  const home = Deno.env.get("HOME");
  const own = await Deno.makeTempDir();
  try {
    await startEngine(); // which looks for its library at home
    Deno.env.set("HOME", own);
    await work(own);
  } finally {
    if (home === undefined) Deno.env.delete("HOME");
    else Deno.env.set("HOME", home);
    await Deno.remove(own, { recursive: true });
  }
}

const settings = encoderSettings.parse({
  kind: "mobilenet_v2",
  weights: "random",
  imageSize: 160,
  layer: "block_2_add",
});

async function encode(options: { fused: FusedOps; kernels?: KernelChoice }, used = settings) {
  const said: string[] = [];
  const before = tf.memory().numTensors;
  const encoder = await createEncoder(used, { ...options, say: (line) => said.push(line) });
  const size = used.imageSize ** 2 * 3;
  const pixels = Uint8Array.from({ length: size }, (_, i) => 128 + 100 * Math.sin(i / 50));
  const features = await encoder.encode(pixels, 1);
  encoder.dispose();
  assertEquals(tf.memory().numTensors, before);
  return { features, key: encoder.key, said };
}

function difference(a: Float32Array, b: Float32Array): number {
  const largest = b.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  return a.reduce((most, each, i) => Math.max(most, Math.abs(each - b[i])), 0) / largest;
}

Deno.test({
  name: "createEncoder() lets oneDNN compute the convolutions that were recorded, and tries none",
  ignore,
  async fn() {
    const { fused, calls } = await counting();
    if (fused.kernels === undefined) return; // a library without oneDNN
    const plain = await encode({ fused });
    const { own } = calls;
    assert(own > 5 && calls.eigen + calls.oneDnn === 0, "an encoder without a record");
    const second = "80x80x32 1x1x16 /1 same";
    for (const [oneDnn, expected] of [[[], 0], [[second, "of another network"], 1]] as const) {
      Object.assign(calls, { eigen: 0, oneDnn: 0, own: 0 });
      const { features, key, said } = await encode({ fused, kernels: () => oneDnn });
      assertEquals([calls, said], [{ eigen: own - expected, oneDnn: expected, own: 0 }, []]);
      assertEquals(key, plain.key);
      assert(difference(features, plain.features) < 1e-5);
      const again = await encode({ fused, kernels: () => oneDnn });
      assertEquals(again.features, features);
    }
    Object.assign(calls, { eigen: 0, oneDnn: 0, own: 0 });
    const unrecorded = await encode({ fused, kernels: () => undefined });
    assertEquals([calls.own, unrecorded.features], [own, plain.features]);
  },
});

Deno.test({
  name: "createEncoder() tries kernels once per machine and network, and not for a small one",
  ignore,
  async fn() {
    const { fused, calls } = await counting();
    if (fused.kernels === undefined) return;
    await atHome(async (home) => {
      const large = { ...settings, imageSize: 304 };
      const measured = async (used = large, machine?: string) => {
        Object.assign(calls, { eigen: 0, oneDnn: 0, own: 0 });
        const kernels = { ...fused.kernels!, ...machine && { machine } };
        let chosen: readonly string[] | undefined;
        const result = await encode({
          fused: { ...fused, kernels },
          kernels: async (measure) => chosen = await measure(),
        }, used);
        return { chosen, ...result };
      };
      const first = await measured();
      assertEquals(first.said.length, 2, first.said.join("\n"));
      assert(first.said[0].startsWith("Trying once which convolutions are faster by oneDNN"));
      assert(calls.eigen + calls.oneDnn > 20);
      const second = await measured();
      assertEquals([second.said, second.chosen], [[], first.chosen]);
      assertEquals(second.features, first.features);
      assertEquals((await measured(large, "another machine")).said.length, 2);

      const folder = join(home, ".cache", "showtell", "convolutions");
      const files = [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name));
      assertEquals(files.length, 2);
      for (const file of files) await Deno.writeTextFile(file, "damaged");
      assertEquals((await measured()).said.length, 2);

      const small = encoderSettings.parse({ kind: "shapes_cnn", weights: "random" });
      const { said, chosen } = await measured(small);
      assertEquals([said, chosen], [[], undefined]);
    });
  },
});

Deno.test({
  name: "createEncoder() says that this engine lacks the oneDNN that a record names",
  ignore,
  async fn() {
    const { fused } = await counting();
    const lacking = { ...fused, kernels: undefined };
    const recorded = await encode({ fused: lacking, kernels: () => ["112x112x32 1x1x16 /1 same"] });
    assertEquals(recorded.said, [
      "Some convolutions of these features are recorded to be computed by oneDNN, which this " +
      "engine lacks: theirs differ in the last digits",
    ]);
    const measured = await encode({ fused: lacking, kernels: (measure) => measure() });
    assertEquals([measured.said, measured.features], [[], recorded.features]);
  },
});
