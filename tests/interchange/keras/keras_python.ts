import { fileURLToPath } from "node:url";
import { granted } from "../../permissions.ts";

const python = granted("env") ? Deno.env.get("SHOWTELL_KERAS_PYTHON") : undefined;
const may = python !== undefined && granted("read", "write", "run", "ffi", "sys");

/** Whether tests that need Keras 3 are ignored. */
export const ignoreKeras3 = !may;

/** Whether tests that need Keras 2 (`pip install tf_keras`) are ignored. */
export const ignoreKeras2 = !may || !has("tf_keras");

function has(module: string): boolean {
  const script = `import importlib.util as i, sys; sys.exit(i.find_spec("${module}") is None)`;
  return new Deno.Command(python!, { args: ["-c", script], stderr: "null" }).outputSync().success;
}

/** Runs a script of this folder. */
export async function runPython(script: string, ...args: string[]): Promise<void> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { success, stderr } = await new Deno.Command(python!, { args: [path, ...args] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
