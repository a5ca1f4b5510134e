import { AttributeType, DataType } from "../../../lib/engine/tensorflow/data_types.ts";
import { assertEquals, assertThrows } from "../../assert.ts";
import { runOp, T, test, text, type } from "./run_op.ts";

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
