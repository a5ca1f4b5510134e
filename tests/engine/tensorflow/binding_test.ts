import fc from "fast-check";
import { DataType } from "../../../lib/engine/tensorflow/data_types.ts";
import { assert, assertEquals, assertThrows } from "../../assert.ts";
import { roundTrip, runOp, T, test, text, type } from "./run_op.ts";

test("Binding gives numbers of every type back as they went in", (binding) => {
  fc.assert(
    fc.property(
      fc.float32Array({ maxLength: 40 }),
      fc.int32Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 40 }),
      (floats, integers, bytes) => {
        assertEquals(roundTrip(binding, [floats.length], DataType.float32, floats), floats);
        assertEquals(roundTrip(binding, [1, integers.length], DataType.int32, integers), integers);
        assertEquals(roundTrip(binding, [bytes.length, 1], DataType.uint8, bytes), bytes);
        const flags = bytes.map((byte) => byte & 1);
        assertEquals(roundTrip(binding, [flags.length], DataType.bool, flags), flags);
        const pairs = Float32Array.from([...floats, ...floats.toReversed()]);
        assertEquals(roundTrip(binding, [floats.length], DataType.complex64, pairs), pairs);
      },
    ),
    { numRuns: 50 },
  );
});

test("Binding takes plain lists of numbers and of booleans, and views into larger buffers", (binding) => {
  assertEquals(roundTrip(binding, [2], DataType.float32, [1.5, 2]), Float32Array.of(1.5, 2));
  assertEquals(roundTrip(binding, [2], DataType.int32, [-1, 7]), Int32Array.of(-1, 7));
  assertEquals(roundTrip(binding, [2], DataType.bool, [true, false]), Uint8Array.of(1, 0));
  const view = Float32Array.of(0, 1, 2, 3).subarray(1, 3);
  assertEquals(roundTrip(binding, [2], DataType.float32, view), Float32Array.of(1, 2));
});

test("Binding keeps scalars and shapes without elements", (binding) => {
  assertEquals(roundTrip(binding, [], DataType.float32, Float32Array.of(4)), Float32Array.of(4));
  assertEquals(roundTrip(binding, [3, 0, 2], DataType.int32, new Int32Array()), new Int32Array());
  assertEquals(roundTrip(binding, [0], DataType.string, []) as unknown, []);
  const [sum] = runOp(binding, "Add", [T(DataType.float32)], [
    [[], DataType.float32, [1]],
    [[0, 4], DataType.float32, []],
  ]);
  assertEquals(sum, { shape: [0, 4], dtype: DataType.float32, values: new Float32Array() });
});

test("Binding gives strings back byte for byte: empty, long, non-ASCII, with NUL", (binding) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 6 }), (strings) => {
      const given = strings.map((bytes) => Uint8Array.from(bytes));
      const back = roundTrip(binding, [given.length], DataType.string, given);
      assertEquals(back as unknown as Uint8Array[], given);
    }),
    { numRuns: 50 },
  );
  const words = ["", "Größe 日本", "a\0b", "x".repeat(100_000)];
  const back = roundTrip(binding, [2, 2], DataType.string, words) as unknown as Uint8Array[];
  assertEquals(back.map(text), words);
});

test("Binding casts int64 results to int32", (binding) => {
  const [indices] = runOp(binding, "Where", [T(DataType.bool)], [
    [[4], DataType.bool, Uint8Array.of(0, 1, 0, 1)],
  ]);
  assertEquals(indices, { shape: [2, 1], dtype: DataType.int32, values: Int32Array.of(1, 3) });
});

test("Binding reads what an operation made as uint8", (binding) => {
  const [bytes] = runOp(
    binding,
    "Cast",
    [type("SrcT", DataType.float32), type("DstT", DataType.uint8)],
    [[[2], DataType.float32, [3, 255]]],
  );
  assertEquals(bytes.values, Uint8Array.of(3, 255));
});

test("Binding refuses values that do not fill the shape, and types it cannot make", (binding) => {
  assertThrows(
    () => binding.createTensor([2, 3], DataType.float32, new Float32Array(5)),
    RangeError,
    "shape [2,3] takes 24 bytes, but the values given have 20",
  );
  assertThrows(
    () => binding.createTensor([2], DataType.string, [new Uint8Array()]),
    RangeError,
    "takes 2 strings, but 1",
  );
  assertThrows(
    () => binding.createTensor([1], DataType.resource, new Uint8Array(1)),
    TypeError,
    "resource",
  );
});

test("Binding refuses to read a type that TF.js has not", (binding) => {
  const { float32, float64 } = DataType;
  const source = binding.createTensor([1], float32, [1]);
  const cast = [type("SrcT", float32), type("DstT", float64)];
  const [{ id }] = binding.executeOp("Cast", cast, [source], 1);
  assertThrows(() => binding.tensorDataSync(id), TypeError, "float64");
  [source, id].forEach((each) => binding.deleteTensor(each));
});

test("Binding does not know a tensor that was deleted", (binding) => {
  const id = binding.createTensor([1], DataType.float32, [1]);
  binding.deleteTensor(id);
  for (
    const use of [
      () => binding.deleteTensor(id),
      () => binding.tensorDataSync(id),
      () => binding.executeOp("Neg", [T(DataType.float32)], [id], 1),
    ]
  ) assertThrows(use, Error, `Tensor ${id} does not exist`);
});

test("Binding refuses SavedModels", (binding) => {
  assertThrows(() => binding.loadSavedModel(), Error, "SavedModels are not supported");
  assertThrows(() => binding.runSavedModel(), Error, "SavedModels are not supported");
  assertThrows(() => binding.deleteSavedModel(), Error, "SavedModels are not supported");
  assertEquals(binding.getNumOfSavedModels(), 0);
});

test("Binding lists the devices, the CPU among them, and the library's version", (binding) => {
  assert(binding.devices.some(({ type }) => type === "CPU"));
  assert(/^2\.\d+\.\d+/.test(binding.TF_Version));
  assertEquals(binding.isUsingGpuDevice(), binding.devices.some(({ type }) => type === "GPU"));
});
