import { join } from "node:path";
import { encodeSafetensors } from "../../lib/safetensors/mod.ts";
import {
  readCheckpoint,
  readCheckpointSummary,
  readCheckpointWeights,
  startOfEpoch,
  writeCheckpoint,
} from "../../lib/training/mod.ts";
import { DamagedFileError, OtherVersionError } from "../../lib/storage/mod.ts";
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
  assertEquals(back.belongsTo, null);
  const { weights, ...summary } = readCheckpointWeights(path);
  assertEquals(sorted(weights), sorted(checkpoint.weights));
  assertEquals(readCheckpointSummary(path), summary);
  assertEquals(summary.position, checkpoint.position);
  assertEquals(summary.callbacks, {
    EarlyStopping: checkpoint.callbacks.EarlyStopping.json,
    History: {},
  });
  await writeCheckpoint(path, { ...checkpoint, belongsTo: "a training" });
  assertEquals(readCheckpoint(path).belongsTo, "a training");
  assert(readCheckpointSummary(path).sha256 !== summary.sha256);
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
    for (const read of [readCheckpoint, readCheckpointWeights, readCheckpointSummary]) {
      const error = assertThrows(() => read(path), Error, path);
      assert(error.message.length < 300, error.message);
    }
  }
  const missing = "is damaged (it is missing): train or import the run again with --overwrite";
  assertThrows(() => readCheckpoint(join(folder, "absent")), DamagedFileError, missing);
  await Deno.mkdir(join(folder, "folder"));
  const isFolder = "is damaged (a folder has its name)";
  assertThrows(() => readCheckpoint(join(folder, "folder")), DamagedFileError, isFolder);
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
    OtherVersionError,
    `${path} has format 1, but this version reads 3: train or import the run again with --overwrite`,
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

test("readCheckpoint() refuses a checkpoint with any bit flipped", async (folder) => {
  const path = join(folder, "checkpoint.safetensors");
  const weight = { shape: [4], data: Float32Array.of(1, 2, 3, 4) };
  await writeCheckpoint(path, {
    weights: new Map([["w", weight]]),
    moments: new Map([["w/m", weight]]),
    steps: 1,
    position: startOfEpoch(2),
    learningRate: 1,
    callbacks: { History: { json: { lines: [{ epoch: 0, loss: 1 }] } } },
  });
  const whole = await Deno.readFile(path);
  for (let bit = 0; bit < whole.length * 8; bit += 37) {
    const damaged = whole.slice();
    damaged[bit >> 3] ^= 1 << (bit & 7);
    await Deno.writeFile(path, damaged);
    for (const read of [readCheckpoint, readCheckpointWeights, readCheckpointSummary]) {
      assertThrows(() => read(path), DamagedFileError, path);
    }
  }
});

test("readCheckpoint() loads no number that is not finite", async (folder) => {
  const path = join(folder, "checkpoint.safetensors");
  const good = { shape: [2], data: Float32Array.of(1, 2) };
  for (const number of [NaN, Infinity, -Infinity]) {
    const bad = { shape: [2], data: Float32Array.of(1, number) };
    const write = (weight: typeof good, moment: typeof good) =>
      writeCheckpoint(path, {
        weights: new Map([["w", weight]]),
        moments: new Map([["w/m", moment]]),
        steps: 1,
        position: startOfEpoch(2),
        learningRate: 1,
        callbacks: {},
      });
    const damage = "has numbers that are not finite): train or import";
    await write(bad, good);
    for (const read of [readCheckpoint, readCheckpointWeights]) {
      assertThrows(() => read(path), DamagedFileError, `w ${damage}`);
    }
    await write(good, bad);
    assertThrows(() => readCheckpoint(path), DamagedFileError, `adam/w/m ${damage}`);
    assertEquals(readCheckpointWeights(path).weights.get("w"), good);
  }
});
