import fc from "fast-check";
import type { Binding } from "../../lib/tensorflow/binding.ts";
import { AttributeType, DataType } from "../../lib/tensorflow/data_types.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { ignoreTensorFlow, startTensorFlow } from "./tensorflow_backend.ts";

/** A test on the binding, which must hold as many handles after it as before. */
function test(name: string, work: (binding: Binding) => void): void {
  Deno.test({
    name,
    ignore: ignoreTensorFlow,
    async fn() {
      const { binding } = (await startTensorFlow()).backend;
      const before = binding.getNumOfTensors();
      work(binding);
      assertEquals(binding.getNumOfTensors(), before, "handles are left");
    },
  });
}

const type = (name: string, value: number | number[]) => ({
  name,
  type: AttributeType.type,
  value,
});
const T = (dtype: number) => type("T", dtype);

/** What comes back of values that went in as a tensor. */
function roundTrip(binding: Binding, shape: number[], dtype: number, values: unknown) {
  const id = binding.createTensor(shape, dtype, values as Float32Array);
  try {
    return binding.tensorDataSync(id);
  } finally {
    binding.deleteTensor(id);
  }
}

/** Runs an operation on tensors of these values and gives back its results' values. */
function runOp(
  binding: Binding,
  name: string,
  attributes: Parameters<Binding["executeOp"]>[1],
  inputs: [shape: number[], dtype: number, values: unknown][],
  outputs = 1,
) {
  const ids = inputs.map(([shape, dtype, values]) =>
    binding.createTensor(shape, dtype, values as Float32Array)
  );
  try {
    return binding.executeOp(name, attributes, ids, outputs).map(({ id, shape, dtype }) => {
      const values = binding.tensorDataSync(id);
      binding.deleteTensor(id);
      return { shape, dtype, values };
    });
  } finally {
    ids.forEach((id) => binding.deleteTensor(id));
  }
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

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

test("Binding sets attributes of every kind", (binding) => {
  const { float32, int32, string } = DataType;
  const five = [[5], float32, [1, 2, 3, 4, 5]] as [number[], number, unknown];
  // type, int and a list of ints
  const [squeezed] = runOp(
    binding,
    "Squeeze",
    [T(float32), { name: "squeeze_dims", type: AttributeType.int, value: [0, 2] }],
    [[[1, 3, 1], float32, [1, 2, 3]]],
  );
  assertEquals(squeezed.shape, [3]);
  // float
  const [leaky] = runOp(
    binding,
    "LeakyRelu",
    [T(float32), { name: "alpha", type: AttributeType.float, value: 0.5 }],
    [[[2], float32, [-4, 4]]],
  );
  assertEquals(leaky.values, Float32Array.of(-2, 4));
  // bool
  const product = (transpose: boolean) =>
    runOp(binding, "MatMul", [
      T(float32),
      { name: "transpose_a", type: AttributeType.bool, value: transpose },
    ], [[[2, 2], float32, [1, 2, 3, 4]], [[2, 1], float32, [1, 0]]])[0].values;
  assertEquals(product(false), Float32Array.of(1, 3));
  assertEquals(product(true), Float32Array.of(1, 2));
  // string, also non-ASCII
  const [joined] = runOp(
    binding,
    "ReduceJoin",
    [{ name: "separator", type: AttributeType.string, value: " – " }],
    [[[2], string, ["a", "b"]], [[], int32, [0]]],
  );
  assertEquals(text((joined.values as unknown as Uint8Array[])[0]), "a – b");
  // shape, of a scalar too
  const ensure = (shape: number[], input: [number[], number, unknown]) =>
    runOp(
      binding,
      "EnsureShape",
      [T(float32), { name: "shape", type: AttributeType.shape, value: shape }],
      [input],
    )[0].shape;
  assertEquals(ensure([5], five), [5]);
  assertEquals(ensure([], [[], float32, [1]]), []);
  assertThrows(() => ensure([5, 1], five), Error, "[5,1]");
  // list of floats
  const [buckets] = runOp(
    binding,
    "Bucketize",
    [T(float32), { name: "boundaries", type: AttributeType.float, value: [1.5, 3.5] }],
    [five],
  );
  assertEquals(buckets.values, Int32Array.of(0, 1, 1, 2, 2) as typeof buckets.values);
  // list of strings
  const [rectified] = runOp(binding, "_FusedMatMul", [
    T(float32),
    { name: "num_args", type: AttributeType.int, value: 1 },
    { name: "fused_ops", type: AttributeType.string, value: ["BiasAdd", "Relu"] },
  ], [[[1, 1], float32, [2]], [[1, 2], float32, [1, 1]], [[2], float32, [1, -5]]]);
  assertEquals(rectified.values, Float32Array.of(3, 0));
  // list of types
  const parts = runOp(binding, "IdentityN", [type("T", [float32, int32])], [five, [
    [1],
    int32,
    [9],
  ]], 2);
  assertEquals(parts.map(({ dtype }) => dtype), [float32, int32]);
});

test("Binding sets lists of shapes: a queue takes tensors of its shapes alone", (binding) => {
  const { float32, int32 } = DataType;
  const types = [float32, int32];
  const [queue] = binding.executeOp(
    "FIFOQueueV2",
    [
      type("component_types", types),
      { name: "shapes", type: AttributeType.shape, value: [[2], []] },
      { name: "shared_name", type: AttributeType.string, value: "binding_test" },
    ],
    [],
    1,
  );
  const tensors = [
    binding.createTensor([2], float32, [1, 2]),
    binding.createTensor([3], float32, [1, 2, 3]),
    binding.createTensor([], int32, [4]),
  ];
  const put = (first: number) =>
    binding.executeOp(
      "QueueEnqueueV2",
      [type("Tcomponents", types)],
      [queue.id, first, tensors[2]],
      0,
    );
  assertThrows(() => put(tensors[1]), Error, "Expected [2], got [3]");
  put(tensors[0]);
  const out = binding.executeOp("QueueDequeueV2", [type("component_types", types)], [queue.id], 2);
  assertEquals(out.map(({ shape }) => shape), [[2], []]);
  [...out, queue].forEach(({ id }) => binding.deleteTensor(id));
  tensors.forEach((id) => binding.deleteTensor(id));
});

test("Binding says TensorFlow's words and is clean for the next operation", (binding) => {
  const { float32 } = DataType;
  const two: [number[], number, unknown] = [[2], float32, [1, 2]];
  const failures: [string, Parameters<typeof runOp>[2], string][] = [
    ["NoSuchOp", [T(float32)], "NoSuchOp"],
    ["Neg", [T(float32), { name: "nonsense", type: AttributeType.int, value: 1 }], "nonsense"],
    ["Neg", [T(DataType.string)], "Value for attr 'T' of string"],
    ["Neg", [{ name: "T", type: AttributeType.int, value: 1 }], "does not have type 'type'"],
  ];
  for (const [name, attributes, words] of failures) {
    assertThrows(() => runOp(binding, name, attributes, [two]), Error, words);
    assertEquals(runOp(binding, "Neg", [T(float32)], [two])[0].values, Float32Array.of(-1, -2));
  }
  assertThrows(
    () => runOp(binding, "Add", [T(float32)], [two, [[3], float32, [1, 2, 3]]]),
    Error,
    "Incompatible shapes",
  );
  assertThrows(() => runOp(binding, "Add", [T(float32)], [two]), Error, "TensorFlow, Add: ");
  assertEquals(runOp(binding, "Neg", [T(float32)], [two])[0].values, Float32Array.of(-1, -2));
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

test("Binding refuses kinds of attributes that it does not set", (binding) => {
  assertThrows(
    () =>
      runOp(binding, "Neg", [{ name: "T", type: 9, value: 1 }], [
        [[1], DataType.float32, [1]],
      ]),
    TypeError,
    `Neg's attribute "T" has kind 9`,
  );
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
