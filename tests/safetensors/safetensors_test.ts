import fc from "fast-check";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type SafeTensor,
  safetensorsPieces,
} from "../../lib/safetensors/mod.ts";
import { openSafetensors } from "../../lib/storage/mod.ts";

const example = new Map<string, SafeTensor>([
  ["half", { dtype: "F16", shape: [3], data: new Float16Array([1.5, -2, 65504]) }],
  ["10", { dtype: "I32", shape: [2, 1], data: new Int32Array([7, -7]) }],
  ["2", { dtype: "F32", shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) }],
  ["long", { dtype: "I64", shape: [], data: new BigInt64Array([-(2n ** 40n)]) }],
  ["none", { dtype: "F32", shape: [0, 4], data: new Float32Array(0) }],
  ["flag", { dtype: "BOOL", shape: [1], data: new Uint8Array([1]) }],
]);

/** A file of this header text and so many bytes of data. */
function file(header: string, dataLength: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

Deno.test("decodeSafetensors() returns what encodeSafetensors() was given, for every type", () => {
  const { tensors, metadata } = decodeSafetensors(encodeSafetensors(example, { b: "ü", a: "1" }));
  assertEquals(metadata, { a: "1", b: "ü" });
  assertEquals(new Set(tensors.keys()), new Set(example.keys()));
  for (const [name, tensor] of example) assertEquals(tensors.get(name), tensor, name);
});

Deno.test("safetensorsPieces() are encodeSafetensors()' bytes, the tensors' own memory among them", () => {
  const metadata = { b: "ü", a: "1" };
  const pieces = [...safetensorsPieces(example, metadata)];
  assertEquals(
    pieces.flatMap((piece) => [...piece]),
    [...encodeSafetensors(example, metadata)],
  );
  const memory = [...example.values()].map(({ data }) => data.buffer);
  assertEquals(new Set(pieces.slice(1).map(({ buffer }) => buffer)), new Set(memory));
  // A view of a part of its memory is not written whole.
  const data = new Float32Array([1, 2, 3]).subarray(1, 2);
  const [, two] = safetensorsPieces(new Map([["x", { shape: [1], data }]]));
  assertEquals([...new Float32Array(two.slice().buffer)], [2]);
});

Deno.test("encodeSafetensors() keeps the order of tensors of one type, 2 after 10", () => {
  const data = new Float32Array(1);
  const given = new Map(["b", "10", "2", "a"].map((name) => [name, { shape: [1], data }]));
  assertEquals([...decodeSafetensors(encodeSafetensors(given)).tensors.keys()], [...given.keys()]);
});

Deno.test("encodeSafetensors() follows the format byte by byte", () => {
  const bytes = encodeSafetensors(new Map([["x", { shape: [1], data: new Float32Array([1]) }]]));
  const json = '{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  ';
  assertEquals(json.length % 8, 0);
  const expected = file(json, 4);
  new DataView(expected.buffer).setFloat32(8 + json.length, 1, true);
  assertEquals(bytes, expected);
});

Deno.test("encodeSafetensors() aligns every tensor to its type", () => {
  const bytes = encodeSafetensors(example, { note: "x" });
  for (const [name, { data }] of decodeSafetensors(bytes).tensors) {
    assert(data.buffer === bytes.buffer, `${name} is a view, not a copy`);
  }
});

Deno.test("decodeSafetensors(encodeSafetensors(x)) is x for any floats", () => {
  const names = fc.string({ unit: "binary" }).filter((name) => name !== "__metadata__");
  fc.assert(fc.property(fc.dictionary(names, fc.float32Array()), (arrays) => {
    const given = new Map(
      Object.entries(arrays).map(([name, data]) => [name, { shape: [data.length], data }]),
    );
    const { tensors } = decodeSafetensors(encodeSafetensors(given));
    // A lone surrogate has no UTF-8: such names cannot come back.
    for (const [name, { data }] of given) {
      if (name.isWellFormed()) assertEquals(tensors.get(name)?.data, data);
    }
  }));
});

Deno.test("encodeSafetensors() refuses numbers that do not fit shape or dtype", () => {
  const data = new Float32Array(3);
  const encode = (shape: number[], dtype?: "F16") => () =>
    encodeSafetensors(new Map([["w", { shape, data, dtype }]]));
  assertThrows(encode([2, 2]), RangeError, '"w" has 3 numbers, expected 4 for shape [2,2]');
  assertThrows(encode([3], "F16"), TypeError, "Float32Array, which does not hold F16");
});

const entry = (dtype: string, shape: unknown, offsets: unknown) =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });
const malformed: [string, Uint8Array, string][] = [
  ["no bytes", new Uint8Array(0), "truncated: it has 0 bytes"],
  ["7 bytes", new Uint8Array(7), "truncated: it has 7 bytes"],
  ["a huge header length", new Uint8Array(16).fill(255), "its header would be 1844674407370955"],
  ["a header longer than the file", file("{}", 0).subarray(0, 9), "1 of 2 bytes of header"],
  ["a header that is not JSON", file("{x}", 0), "header is not JSON"],
  ["a header that is not UTF-8", file("{}", 0).fill(0xff, 8), "header is not JSON"],
  ["a header that is an array", file("[]", 0), "header is not a JSON object"],
  ["metadata of numbers", file('{"__metadata__":{"a":1}}', 0), "__metadata__"],
  ["a tensor that is null", file('{"w":null}', 0), 'tensor "w" has no dtype'],
  ["an unknown dtype", file(`{"w":${entry("F8", [1], [0, 1])}}`, 1), 'dtype "F8"'],
  ["a dtype named toString", file(`{"w":${entry("toString", [1], [0, 1])}}`, 1), "dtype"],
  ["a negative shape", file(`{"w":${entry("U8", [-1], [0, 1])}}`, 1), "no valid shape"],
  ["a fractional shape", file(`{"w":${entry("U8", [1.5], [0, 1])}}`, 1), "no valid shape"],
  ["offsets backwards", file(`{"w":${entry("U8", [1], [1, 0])}}`, 1), "no valid data_offsets"],
  ["three offsets", file(`{"w":${entry("U8", [1], [0, 1, 2])}}`, 1), "no valid data_offsets"],
  ["shape × dtype ≠ bytes", file(`{"w":${entry("F32", [2], [0, 4])}}`, 4), "F32 [2] takes 8"],
  [
    "overlapping tensors",
    file(`{"a":${entry("U8", [4], [0, 4])},"b":${entry("U8", [4], [2, 6])}}`, 6),
    'tensor "b" overlaps',
  ],
  ["a gap", file(`{"a":${entry("U8", [1], [1, 2])}}`, 2), "a gap before"],
  ["missing data", file(`{"a":${entry("U8", [4], [0, 4])}}`, 3), "truncated: 3 of 4 bytes"],
  [
    "data of no tensor",
    file(`{"a":${entry("U8", [4], [0, 4])}}`, 6),
    "2 bytes after its last tensor belong to no tensor",
  ],
];
for (const [what, bytes, message] of malformed) {
  Deno.test(`decodeSafetensors() refuses ${what}`, () => {
    const error = assertThrows(() => decodeSafetensors(bytes, "w.safetensors"), SyntaxError);
    assert(error.message.startsWith("w.safetensors is not a valid safetensors file: "));
    assert(error.message.includes(message), error.message);
  });
}

Deno.test("decodeSafetensors() of any truncation is refused, never read", () => {
  const bytes = encodeSafetensors(example);
  for (let length = 0; length < bytes.length; length++) {
    assertThrows(() => decodeSafetensors(bytes.subarray(0, length)), SyntaxError);
  }
});

Deno.test({
  name: "openSafetensors() reads tensors and rows that decodeSafetensors() reads",
  ignore: !granted("read", "write"),
  fn: async () => {
    const path = await Deno.makeTempFile();
    try {
      const data = new Float16Array(15).map((_, i) => i);
      const tensors = new Map([...example, ["grid", { dtype: "F16", shape: [5, 3], data }]] as [
        string,
        SafeTensor,
      ][]);
      await Deno.writeFile(path, encodeSafetensors(tensors, { made: "here" }));
      using file = openSafetensors(path);
      assertEquals(file.metadata, { made: "here" });
      assertEquals(file.tensors.get("grid")?.shape, [5, 3]);
      for (const [name, tensor] of tensors) assertEquals(file.read(name), tensor);
      assertEquals(file.readRows("grid", 1, 3), data.slice(3, 9));
      assertEquals(file.readRows("grid", 5, 5), data.slice(15));
      assertThrows(() => file.readRows("grid", 4, 6), RangeError, "no rows 4 to 6");
      assertThrows(() => file.read("grids"), RangeError, 'no tensor "grids"');
      await Deno.truncate(path, 40);
      assertThrows(() => openSafetensors(path), SyntaxError, "truncated");
    } finally {
      await Deno.remove(path);
    }
  },
});
