import fc from "fast-check";
import { isTorchFile, MemoryBytes, readPickle, readTorchState } from "../../lib/python/mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { torchFile } from "./torch_file.ts";

const read = (bytes: Uint8Array) => readTorchState(new MemoryBytes("FILE", bytes));
const refusal = (bytes: Uint8Array) => assertThrows(() => read(bytes), SyntaxError).message;

const usual = {
  "a.weight": { numbers: [1, 2, 3, 4, 5, 6], shape: [2, 3] },
  "a.bias": { numbers: [0.5, -0.5], shape: [2], type: "HalfStorage" },
  "b.running_var": { numbers: [1e-9, 7], shape: [2], type: "DoubleStorage" },
  "b.num_batches_tracked": { numbers: [3], shape: [], type: "LongStorage" },
};

Deno.test("readTorchState() reads the tensors of a state dict, in their order", () => {
  const file = torchFile(usual);
  assert(isTorchFile(file) && !isTorchFile(file.subarray(1)));
  const tensors = read(file);
  assertEquals([...tensors.keys()], Object.keys(usual));
  const weight = tensors.get("a.weight")!;
  assertEquals([...weight.shape], [2, 3]);
  assertEquals([...weight.read()], [1, 2, 3, 4, 5, 6]);
  assertEquals([...weight.read([1, 0])], [1, 4, 2, 5, 3, 6]);
  assertEquals([...tensors.get("a.bias")!.read()], [0.5, -0.5]);
  assertEquals([...tensors.get("b.running_var")!.read()], [Math.fround(1e-9), 7]);
  const count = tensors.get("b.num_batches_tracked")!;
  assert(!count.isFloat);
  assertThrows(() => count.read(), TypeError);
});

Deno.test("readTorchState() follows strides, offsets and shared storages", () => {
  const numbers = [0, 1, 2, 3, 4, 5, 6, 7];
  const tensors = read(torchFile({
    whole: { numbers, shape: [2, 2, 2], strides: [1, 2, 4], key: "s" },
    part: { numbers, shape: [2, 2], strides: [1, 3], offset: 3, key: "s" },
    one: { numbers, shape: [], offset: 7, key: "s" },
  }));
  assertEquals([...tensors.get("whole")!.read()], [0, 4, 2, 6, 1, 5, 3, 7]);
  assertEquals([...tensors.get("part")!.read()], [3, 6, 4, 7]);
  assertEquals([...tensors.get("one")!.read()], [7]);
});

Deno.test("readTorchState() refuses tensors that do not lie within their storage", () => {
  const numbers = [1, 2, 3, 4];
  const wrong = [
    { numbers, shape: [5] },
    { numbers, shape: [2, 2], strides: [3, 1] },
    { numbers, shape: [4], offset: 1 },
    { numbers, shape: [2 ** 30], strides: [0] }, // one number that would fill the memory
    { numbers, shape: [-1] },
    { numbers, shape: [4], strides: [1, 1] },
  ];
  for (const tensor of wrong) {
    const message = refusal(torchFile({ tensor }));
    assert(message.includes("FILE has a tensor that does not lie within its storage"), message);
  }
});

Deno.test("readTorchState() compares what storages claim with the bytes that are there", () => {
  const one = { a: { numbers: [1, 2], shape: [2] } };
  const claim = refusal(torchFile(one, { more: 1 }));
  assert(claim.includes("claims a storage of 12 bytes"), claim);
  const file = torchFile(one);
  const long = refusal(new Uint8Array([...file, 0]));
  assert(long.includes("1 bytes follow its last storage"), long);
  file[file.length - 16] = 3; // the count before the numbers
  const other = refusal(file);
  assert(other.includes("storage 0 has 3 numbers, not 2"), other);
  const twice = refusal(torchFile({
    a: { numbers: [1, 2], shape: [2], key: "s" },
    b: { numbers: [1, 2], shape: [2], key: "s", type: "HalfStorage" },
  }));
  assert(twice.includes("describes the storage s in two ways"), twice);
});

Deno.test("readTorchState() knows tensors and storages alone, readPickle() not even these", () => {
  const needs = (state: string) => refusal(torchFile({}, { state }));
  for (const name of ["os\nsystem", "torch\nload", "torch.nn\nLinear", "numpy\nndarray"]) {
    const message = needs(`c${name}\n`);
    const full = name.replace("\n", ".");
    assert(message.startsWith(`FILE needs ${full}, which is not among the types of a`), message);
    assert(message.includes("nothing was executed"), message);
  }
  const outside = needs("NQ");
  assert(outside.includes("something outside of its pickle that is not a storage"), outside);
  const list = needs("]");
  assert(list.includes("something else than tensors by name: save model.state_dict()"), list);
  for (const code of ["ctorch\nFloatStorage\n.", "ctorch._utils\n_rebuild_tensor_v2\n.", "NQ."]) {
    const bytes = new TextEncoder().encode(code);
    const { message } = assertThrows(() => readPickle(new MemoryBytes("FILE", bytes)), SyntaxError);
    assert(message.includes("nothing was executed"), message);
  }
});

Deno.test("readTorchState() of a file cut or changed anywhere reads it or throws a SyntaxError", () => {
  const file = torchFile(usual);
  for (let length = 0; length < file.length; length++) refusal(file.subarray(0, length));
  fc.assert(fc.property(fc.nat(file.length - 1), fc.nat(255), (at, byte) => {
    const changed = file.slice();
    changed[at] = byte;
    try {
      for (const tensor of read(changed).values()) if (tensor.isFloat) tensor.read();
    } catch (error) {
      assert(error instanceof SyntaxError, `${error}`);
      assert(error.message.includes("FILE"), error.message);
    }
  }));
});
