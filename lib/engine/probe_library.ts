/**
 * Prints `began`, loads one TensorFlow library, multiplies two matrices with it, and prints its
 * version and devices or what went wrong, as JSON on one line.
 */
import type { Binding } from "./tensorflow/binding.ts";
import { openLibrary } from "./tensorflow/open_library.ts";

function multiply(binding: Binding): void {
  const ones = binding.createTensor([8, 8], binding.TF_FLOAT, new Float32Array(64).fill(1));
  const attributes = [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "transpose_a", type: binding.TF_ATTR_BOOL, value: false },
    { name: "transpose_b", type: binding.TF_ATTR_BOOL, value: false },
  ];
  const [{ id }] = binding.executeOp("MatMul", attributes, [ones, ones], 1);
  const product = binding.tensorDataSync(id);
  if (product.some((value) => value !== 8)) throw new Error(`8 ones make ${product[0]}`);
}

console.log("began");
const [path, framework] = Deno.args;
try {
  const binding = await openLibrary({ origin: "", path, framework }, { log: true });
  multiply(binding);
  console.log(JSON.stringify({ version: binding.TF_Version, devices: binding.devices }));
} catch (error) {
  console.log(JSON.stringify({ problem: (error as Error).message }));
}
Deno.exit(0);
