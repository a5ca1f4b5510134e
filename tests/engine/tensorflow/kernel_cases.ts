import { matrices, reductions, shapes } from "./kernels/arrays.ts";
import { binary, unary } from "./kernels/elementwise.ts";
import { complexAndText, images } from "./kernels/images_and_text.ts";
import { networks } from "./kernels/networks.ts";
import type { KernelCases } from "./kernels/made_tensors.ts";

/** Every kernel that the package has, at least once, but for random draws. */
export const kernelCases: Record<string, KernelCases> = {
  unary,
  binary,
  reductions,
  shapes,
  matrices,
  networks,
  images,
  "complex numbers and text": complexAndText,
};
