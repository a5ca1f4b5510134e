import { join } from "node:path";
import { encodeSafetensors } from "../../lib/safetensors/mod.ts";
import {
  readCheckpoint,
  readCheckpointEpoch,
  readCheckpointWeights,
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

test("readCheckpoint() gives back all that writeCheckpoint() was given", async (folder) => {
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
    epoch: 5,
    learningRate: 1e-3 / 3,
    callbacks: { EarlyStopping: { wait: 2, best: null }, History: {} },
  };
  const path = join(folder, "checkpoint.safetensors");
  await writeCheckpoint(path, checkpoint);
  const back = readCheckpoint(path);
  // A safetensors file keeps the order of names by how they lie, so only the maps' content counts.
  const sorted = (map: Map<string, unknown>) => [...map].toSorted(([a], [b]) => a < b ? -1 : 1);
  assertEquals(sorted(back.weights), sorted(checkpoint.weights));
  assertEquals(sorted(back.moments), sorted(checkpoint.moments));
  assertEquals(
    [back.steps, back.epoch, back.learningRate, back.callbacks],
    [checkpoint.steps, checkpoint.epoch, checkpoint.learningRate, checkpoint.callbacks],
  );
  assertEquals(sorted(readCheckpointWeights(path)), sorted(checkpoint.weights));
  assertEquals(readCheckpointEpoch(path), checkpoint.epoch);
});

test("readCheckpoint() refuses what is no checkpoint and names it", async (folder) => {
  const features = join(folder, "features.safetensors");
  const tensors = new Map([["features", { shape: [1], data: Float32Array.of(1) }]]);
  await Deno.writeFile(features, encodeSafetensors(tensors, {}) as Uint8Array<ArrayBuffer>);
  const text = join(folder, "text.safetensors");
  await Deno.writeTextFile(text, "no safetensors at all");
  const empty = join(folder, "empty.safetensors");
  await Deno.writeFile(empty, new Uint8Array());
  for (const path of [features, text, empty]) {
    for (const read of [readCheckpoint, readCheckpointWeights, readCheckpointEpoch]) {
      const error = assertThrows(() => read(path), Error, path);
      assert(error.message.length < 300, error.message);
    }
  }
  assertThrows(() => readCheckpoint(join(folder, "absent")), Deno.errors.NotFound);
});

test("readCheckpoint() refuses a checkpoint that was cut off", async (folder) => {
  const path = join(folder, "checkpoint.safetensors");
  await writeCheckpoint(path, {
    weights: new Map([["w", { shape: [100], data: new Float32Array(100) }]]),
    moments: new Map(),
    steps: 1,
    epoch: 0,
    learningRate: 1,
    callbacks: {},
  });
  await Deno.truncate(path, (await Deno.stat(path)).size - 7);
  assertThrows(() => readCheckpoint(path), Error, path);
});
