import { join } from "node:path";
import { type CopyFor, openCopied } from "../../../lib/encoders/weights/weight_copy.ts";
import type { WeightSource } from "../../../lib/encoders/weights/weight_source.ts";
import { sha256 } from "../../../lib/storage/mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";

const ignore = !granted("read", "write");

/** A file of weights, here its own bytes as numbers, and where copies are kept. */
class Weights {
  readonly path: string;
  readonly copies: string;
  readonly said: string[] = [];
  /** How often the file itself was opened, and how often it was closed. */
  opened = 0;
  closed = 0;
  /** Happens as soon as the file is opened. */
  whenOpened = () => {};

  constructor(readonly folder: string) {
    this.path = join(folder, "weights.h5");
    this.copies = join(folder, "cache", "copies");
    Deno.writeFileSync(this.path, Uint8Array.of(1, 2, 3));
  }

  async open(changes: Partial<CopyFor> = {}): Promise<WeightSource> {
    const say = (line: string) => this.said.push(line);
    const wanted = { kind: "vgg16", imageSize: 224, folder: this.copies, say, ...changes };
    return await openCopied(this.path, wanted, (digest) => Promise.resolve(this.#source(digest)));
  }

  /** What the next opening gives, and how often it opened the file for that. */
  async values(): Promise<{ values: number[]; opened: number }> {
    const before = this.opened;
    const source = await this.open();
    const values = [...await source.read(0, 0), ...await source.read(1, 1)];
    assertEquals(source.digest, sha256(Deno.readFileSync(this.path)));
    source.close();
    return { values, opened: this.opened - before };
  }

  /** The files of its copy. */
  files(): string[] {
    return [...Deno.readDirSync(this.copies)].map(({ name }) => join(this.copies, name)).sort();
  }

  #source(digest: string): WeightSource {
    this.opened++;
    const bytes = Deno.readFileSync(this.path);
    this.whenOpened();
    return {
      label: this.path,
      digest,
      notes: ["A note."],
      layers: [
        { name: "a", arrays: [{ name: "kernel:0", shape: [3] }] },
        { name: "a", arrays: [{ shape: [] }, { name: "bias", shape: [3, 1] }] },
      ],
      read: (layer, array) =>
        array === 0 && layer === 1
          ? Float32Array.of(-0)
          : Float32Array.from(bytes, (byte) => byte / 3 + layer),
      close: () => this.closed++,
    };
  }
}

function test(name: string, fn: (weights: Weights) => Promise<void>): void {
  Deno.test({
    name,
    ignore,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        await fn(new Weights(folder));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

const FIRST = [1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2].map(Math.fround);

test("openCopied() gives the file's bits, layers and notes, opening it once", async (weights) => {
  for (let time = 0; time < 3; time++) {
    const source = await weights.open();
    assertEquals(source.layers, [
      { name: "a", arrays: [{ name: "kernel:0", shape: [3] }] },
      { name: "a", arrays: [{ shape: [] }, { name: "bias", shape: [3, 1] }] },
    ]);
    assertEquals(source.notes, ["A note."]);
    assertEquals(source.label, weights.path);
    const scalar = await source.read(1, 0);
    assert(Object.is(scalar[0], -0), "zero lost its sign");
    scalar[0] = 7; // an array of its own
    assertEquals([...await source.read(1, 0)], [-0]);
    assertEquals((await weights.values()).values, FIRST);
    assertEquals([weights.opened, weights.closed, weights.said.length], [1, 1, 0]);
    source.close();
  }
  assertEquals(weights.files().length, 2);
});

test("openCopied() has a copy for each network and image size", async (weights) => {
  for (const changes of [{}, { kind: "xception" }, { imageSize: 299 }]) await weights.open(changes);
  assertEquals([weights.opened, weights.files().length], [3, 6]);
});

test("openCopied() gives a changed file's weights, of equal size and time too", async (weights) => {
  await weights.open();
  const { mtime } = await Deno.stat(weights.path);
  await Deno.writeFile(weights.path, Uint8Array.of(1, 2, 6));
  await Deno.utime(weights.path, mtime!, mtime!);
  const changed = FIRST.with(2, 2).with(5, 3);
  assertEquals(await weights.values(), { values: changed, opened: 1 });
  assertEquals(await weights.values(), { values: changed, opened: 0 });
  assertEquals(weights.said, []);
  assertEquals(weights.files().length, 2);
});

test("openCopied() replaces a copy of which any byte is another, and says so", async (weights) => {
  await weights.open();
  for (const path of weights.files()) {
    const whole = await Deno.readFile(path);
    for (let at = 0; at < whole.length; at += path.endsWith(".json") ? 7 : 23) {
      const bytes = whole.slice();
      bytes[at] ^= 1;
      await Deno.writeFile(path, bytes);
      weights.said.length = 0;
      const found = await weights.values();
      if (JSON.stringify(parsed(bytes)) === JSON.stringify(parsed(whole))) continue; // only a space
      assertEquals(found, { values: FIRST, opened: 1 }, `${path}, byte ${at}`);
      assertEquals(weights.said.length, 1);
      assert(weights.said[0].startsWith(`${path} is damaged (`), weights.said[0]);
      assert(weights.said[0].endsWith(`: ${weights.path} is read instead`), weights.said[0]);
      assertEquals(await Deno.readFile(path), whole);
      assertEquals(await weights.values(), { values: FIRST, opened: 0 });
    }
  }
});

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return [...bytes];
  }
}

test("openCopied() makes a copy again that is cut off, half there or of another version", async (weights) => {
  await weights.open();
  const [record, copy] = weights.files();
  const { sha256: _, ...rest } = JSON.parse(await Deno.readTextFile(record));
  const other = { ...rest, format: 99 };
  const harms: [() => void | Promise<void>, number][] = [
    [() => Deno.truncateSync(copy, 100), 1],
    [() => Deno.truncateSync(copy, 0), 1],
    [() => Deno.truncateSync(record, 10), 1],
    [() => Deno.removeSync(copy), 0],
    [() => Deno.removeSync(record), 0],
    [() => Deno.writeTextFileSync(record, JSON.stringify(other)), 0],
  ];
  for (const [harm, lines] of harms) {
    weights.said.length = 0;
    await harm();
    assertEquals(await weights.values(), { values: FIRST, opened: 1 }, `${harm}`);
    assertEquals(weights.said.length, lines, weights.said.join());
    assertEquals(await weights.values(), { values: FIRST, opened: 0 });
  }
});

test("openCopied() opens the file where no copy can be written", async (weights) => {
  await Deno.mkdir(join(weights.folder, "cache"));
  await Deno.writeTextFile(weights.copies, "a file");
  for (let time = 0; time < 2; time++) {
    assertEquals(await weights.values(), { values: FIRST, opened: 1 });
  }
  assertEquals([weights.closed, weights.said.length], [2, 0]);
});

Deno.test({
  name: "openCopied() asks nobody for the permission to write a copy",
  ignore,
  permissions: { read: true, write: false },
  fn: async () => {
    const path = new URL(import.meta.url).pathname;
    const folder = join(path, "..", "none");
    const source: WeightSource = { label: path, digest: "", layers: [], read, close() {} };
    const opened = await openCopied(
      path,
      { kind: "vgg16", imageSize: 224, folder },
      () => Promise.resolve(source),
    );
    assertEquals(opened, source);
    function read(): never {
      throw new Error("It is read although no copy can be written");
    }
  },
});

test("openCopied() copies nothing of a file that changes while it is opened", async (weights) => {
  weights.whenOpened = () => Deno.writeFileSync(weights.path, Uint8Array.of(9, 9, 9));
  const source = await weights.open();
  assertEquals([...await source.read(0, 0)], FIRST.slice(0, 3));
  weights.whenOpened = () => {};
  assertEquals((await weights.values()).values, [3, 3, 3, 4, 4, 4]);
  assertEquals(weights.opened, 2);
});

test("openCopied() copies no large file", async (weights) => {
  await Deno.truncate(weights.path, 2 ** 25 + 1);
  const source = await openCopied(
    weights.path,
    { kind: "vgg16", imageSize: 224, folder: weights.copies },
    (digest) =>
      Promise.resolve({
        label: "",
        digest,
        layers: [],
        read: () => new Float32Array(),
        close() {},
      }),
  );
  assertEquals(source.label, "");
  assertEquals(await Array.fromAsync(Deno.readDir(weights.folder), ({ name }) => name), [
    "weights.h5",
  ]);
});

test("openCopied() keeps the eight newest copies, and nothing that a killed writer left", async (weights) => {
  const leftover = join(weights.copies, `.showtell-${crypto.randomUUID()}.tmp`);
  await Deno.mkdir(weights.copies, { recursive: true });
  await Deno.writeTextFile(leftover, "");
  for (let imageSize = 1; imageSize <= 11; imageSize++) {
    await weights.open({ imageSize });
    for (const file of weights.files()) { // each a second older than those after it
      const { mtime } = await Deno.stat(file);
      await Deno.utime(file, mtime!.getTime() / 1000 - 1, mtime!.getTime() / 1000 - 1);
    }
  }
  assertEquals(weights.files().length, 16);
  const opened = weights.opened;
  for (let imageSize = 11; imageSize > 3; imageSize--) await weights.open({ imageSize });
  assertEquals(weights.opened, opened);
  await weights.open({ imageSize: 3 });
  assertEquals(weights.opened, opened + 1);
});
