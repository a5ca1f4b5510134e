/**
 * Prints `began`, then the processor and what bfloat16 is worth here as JSON on one line: with the
 * path of a TensorFlow library also the rates of a matrix product, each measured for half a second.
 */
import type { ArithmeticInspection } from "./inspect_arithmetic.ts";
import { bfloat16Speed } from "./bfloat16_speed.ts";
import { findGpu } from "./find_gpu.ts";
import { readProcessor } from "./processor.ts";
import type { Binding } from "./tensorflow/binding.ts";
import { AttributeType, DataType } from "./tensorflow/data_types.ts";
import { openLibrary } from "./tensorflow/open_library.ts";

const SIDE = 512;
const MILLISECONDS = 500;

/** Billions of multiplications and additions a second. */
function rateOf(binding: Binding, dtype: number): number {
  const type = (name: string, value: number) => ({ name, type: AttributeType.type, value });
  const run = (name: string, attributes: ReturnType<typeof type>[], ids: number[]) =>
    binding.executeOp(name, attributes, ids, 1)[0].id;
  const values = new Float32Array(SIDE * SIDE).fill(0.5);
  const made = binding.createTensor([SIDE, SIDE], DataType.float32, values);
  const cast = [type("SrcT", DataType.float32), type("DstT", dtype)];
  const matrix = dtype === DataType.float32 ? made : run("Cast", cast, [made]);
  const multiply = () => run("MatMul", [type("T", dtype)], [matrix, matrix]);
  binding.tensorDataSync(multiply()); // whatever is done once
  const began = performance.now();
  let products = 0, last = 0, elapsed = 0;
  do {
    if (last !== 0) binding.deleteTensor(last);
    last = multiply();
    products++;
    elapsed = performance.now() - began;
  } while (elapsed < MILLISECONDS);
  binding.tensorDataSync(last); // a GPU may still be at work
  elapsed = performance.now() - began;
  return products * 2 * SIDE ** 3 / elapsed / 1e6;
}

console.log("began");
const [path, framework] = Deno.args;
const processor = readProcessor();
const found: ArithmeticInspection = { processor, bfloat16: bfloat16Speed(processor, undefined) };
if (path !== undefined) {
  try {
    const binding = await openLibrary({ origin: "", path, framework });
    if (binding.isUsingGpuDevice()) found.bfloat16 = bfloat16Speed(processor, findGpu() ?? {});
    found.rates = {
      float32: rateOf(binding, DataType.float32),
      bfloat16: rateOf(binding, DataType.bfloat16),
    };
  } catch {
    // Without a measurement, then.
  }
}
console.log(JSON.stringify(found));
Deno.exit(0);
