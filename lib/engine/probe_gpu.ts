/** Prints `began`, looks for an NVIDIA GPU, and prints it as JSON, `null` if there is none. */
import { findGpu } from "./find_gpu.ts";

console.log("began");
console.log(JSON.stringify(findGpu() ?? null));
Deno.exit(0);
