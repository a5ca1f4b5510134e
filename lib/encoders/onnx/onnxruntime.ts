import { createRequire } from "node:module";
import { join } from "node:path";
import { runSetup } from "../../packages/mod.ts";
import type { Listener } from "../../progress/mod.ts";
import { exists, userCacheFolder } from "../../storage/mod.ts";

/** The release of onnxruntime-node that `setup --onnx` installs. */
export const ONNXRUNTIME_VERSION = "1.30.0";

/** Numbers that go into a network or come out of it. */
export interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What a network says of an input or an output; a text stands for any number. */
export interface OnnxValue {
  readonly name: string;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

/** A network that onnxruntime has loaded. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata: readonly OnnxValue[];
  run(
    feeds: Record<string, OnnxTensor>,
    outputs: readonly string[],
  ): Promise<Record<string, OnnxTensor>>;
  release(): Promise<void>;
}

/** What is used of the package `onnxruntime-node`. */
export interface OnnxRuntime {
  InferenceSession: { create(path: string, options: object): Promise<OnnxSession> };
  Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => OnnxTensor;
}

/** The folder that the package is installed in, once per user. */
export function onnxruntimeFolder(): string {
  return join(userCacheFolder(), `onnxruntime-${ONNXRUNTIME_VERSION}`);
}

/**
 * Loads onnxruntime, installed by the task `setup` where it is missing: it is larger than all other
 * packages together, and most never need it.
 *
 * @throws {Error} if it cannot be installed or loaded, with the reason
 */
export async function loadOnnxruntime(
  listener: Pick<Listener, "say" | "signal">,
): Promise<OnnxRuntime> {
  const folder = onnxruntimeFolder();
  if (!await exists(folder)) {
    await runSetup({
      args: ["--onnx"],
      missing: 'encoder.kind is "onnx", but onnxruntime is not installed',
      otherwise: "set encoder.kind to another",
    }, listener);
  }
  try {
    return createRequire(join(folder, "deno.json"))("onnxruntime-node");
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new Error(
      `onnxruntime cannot be loaded (${reason}): delete ${folder} and run \`deno task setup --onnx\``,
      { cause: error },
    );
  }
}
