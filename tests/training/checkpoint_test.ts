import { join } from "node:path";
import { encodeSafetensors } from "../../lib/safetensors/mod.ts";
import {
  readCheckpoint,
  readCheckpointPosition,
  readCheckpointWeights,
  startOfEpoch,
  writeCheckpoint,
} from "../../lib/training/mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";

function test(name: string, criterion: (folder: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !granted("read", "write"),
    async fn() {
      const folder = await Deno.makeTempDir();
      try {
        await criterion(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

test("readCheckpoint() returns all that writeCheckpoint() was given", async (folder) => {
  const tensor = (shape: number[], ...data: number[]) => ({ shape, data: Float32Array.from(data) });
  const checkpoint = {
    weights: new Map([
      ["image/kernel", tensor([2, 2], 1, -0, 1e-40, 3.4e38)],
      ["image/bias", tensor([2], 5, 6)],
      ["adam", tensor([], 7)], // looks like the moments' prefix
    ]),
    moments: new Map([
      ["image/kernel/m", tensor([2, 2], 1, 2, 3, 4)],
      ["image/kernel/v", tensor([2, 2], 5, 6, 7, 8)],
    ]),
    steps: 1234,
    position: { epoch: 5, step: 17, sums: { loss: 1 / 3, words: 789 } },
    learningRate: 1e-3 / 3,
    callbacks: {
      EarlyStopping: {
        json: { wait: 2, best: null },
        tensors: new Map([
          ["image/bias", tensor([2], 7, 6)],
          ["image/kernel", tensor([2, 2], 1, -0, 1e-40, 3.4e38)], // as the weight: written once
          ["adam", tensor([1], 7)], // of another shape than the weight
        ]),
      },
      History: { json: {} },
    },
  };
  const path = join(folder, "checkpoint.safetensors");
  await writeCheckpoint(path, checkpoint);
  const back = readCheckpoint(path);
  // A safetensors file keeps the order of names by how they lie, so only the maps' content counts.
  const sorted = (map: Map<string, unknown>) => [...map].toSorted(([a], [b]) => a < b ? -1 : 1);
  assertEquals(sorted(back.weights), sorted(checkpoint.weights));
  assertEquals(sorted(back.moments), sorted(checkpoint.moments));
  assertEquals(
    [back.steps, back.position, back.learningRate, back.callbacks],
    [checkpoint.steps, checkpoint.position, checkpoint.learningRate, checkpoint.callbacks],
  );
  assertEquals(sorted(readCheckpointWeights(path)), sorted(checkpoint.weights));
  assertEquals(readCheckpointPosition(path), checkpoint.position);
});

test("readCheckpoint() refuses what is not a checkpoint and names it", async (folder) => {
  const features = join(folder, "features.safetensors");
  const tensors = new Map([["features", { shape: [1], data: Float32Array.of(1) }]]);
  await Deno.writeFile(features, encodeSafetensors(tensors, {}) as Uint8Array<ArrayBuffer>);
  const text = join(folder, "text.safetensors");
  await Deno.writeTextFile(text, "no safetensors at all");
  const empty = join(folder, "empty.safetensors");
  await Deno.writeFile(empty, new Uint8Array());
  for (const path of [features, text, empty]) {
    for (const read of [readCheckpoint, readCheckpointWeights, readCheckpointPosition]) {
      const error = assertThrows(() => read(path), Error, path);
      assert(error.message.length < 300, error.message);
    }
  }
  assertThrows(() => readCheckpoint(join(folder, "absent")), Deno.errors.NotFound);
});

test("writeCheckpoint() writes a callback's tensor only where it is not a weight, bit for bit", async (folder) => {
  const size = async (best: number) => {
    const path = join(folder, "checkpoint.safetensors");
    const weights = new Map([["w", { shape: [1000], data: new Float32Array(1000) }]]);
    const tensors = new Map([["w", { shape: [1000], data: new Float32Array(1000).fill(best) }]]);
    await writeCheckpoint(path, {
      weights,
      moments: new Map(),
      steps: 1,
      position: startOfEpoch(1),
      learningRate: 1,
      callbacks: { EarlyStopping: { json: {}, tensors } },
    });
    assertEquals(readCheckpoint(path).callbacks.EarlyStopping.tensors, tensors);
    return (await Deno.stat(path)).size;
  };
  const [same, other, negativeZero] = [await size(0), await size(1), await size(-0)];
  assert(same < 4500 && other > 8000, `${same}, ${other}`);
  assertEquals(negativeZero, other);
});

test("readCheckpoint() of an older version says what to do", async (folder) => {
  const path = join(folder, "old.safetensors");
  const tensors = new Map([["w", { shape: [1], data: Float32Array.of(1) }]]);
  const bytes = encodeSafetensors(tensors, { format: "showtell-checkpoint-1", about: "{}" });
  await Deno.writeFile(path, bytes as Uint8Array<ArrayBuffer>);
  assertThrows(
    () => readCheckpoint(path),
    Error,
    `${path} is not a checkpoint of this version: train or import the run again with --overwrite`,
  );
});

test("readCheckpoint() refuses a checkpoint that was cut off", async (folder) => {
  const path = join(folder, "checkpoint.safetensors");
  await writeCheckpoint(path, {
    weights: new Map([["w", { shape: [100], data: new Float32Array(100) }]]),
    moments: new Map(),
    steps: 1,
    position: startOfEpoch(0),
    learningRate: 1,
    callbacks: {},
  });
  await Deno.truncate(path, (await Deno.stat(path)).size - 7);
  assertThrows(() => readCheckpoint(path), Error, path);
});
