import { join } from "node:path";

/** Counts its loads in the file that SHOWTELL_TEST_LOADS names, then does what a test gives. */
const crashing = (statement: string) => `
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
__attribute__((constructor)) static void load(void) {
  const char *loads = getenv("SHOWTELL_TEST_LOADS");
  FILE *file = loads ? fopen(loads, "a") : NULL;
  if (file) { fputc('x', file); fclose(file); }
  ${statement}
}
`;

/** A library that aborts as TensorFlow does on a processor without AVX. */
export const ABORTS = crashing(
  `fputs("2026-01-01 00:00:00.000000: F tensorflow/core/platform/cpu_feature_guard.cc:37] " ` +
    `"It needs AVX instructions.\\n", stderr); abort();`,
);

/** A library that holds an instruction which the processor does not know. */
export const ILLEGAL = crashing("raise(SIGILL);");

/** A libcuda with two GPUs. */
export const CUDA = `
#include <string.h>
int cuInit(unsigned flags) { return 0; }
int cuDriverGetVersion(int *version) { *version = 12040; return 0; }
int cuDeviceGetCount(int *count) { *count = 2; return 0; }
int cuDeviceGet(int *device, int ordinal) { *device = ordinal; return 0; }
int cuDeviceGetName(char *name, int length, int device) {
  strncpy(name, "NVIDIA Test 1", length);
  return 0;
}
`;

/** Whether there is a C compiler. */
export const hasCompiler = await succeeds("cc", "--version");

/** Whether a program may mount in a namespace of its own. */
export const hasNamespaces = await succeeds("unshare", "-rm", "true");

/** Compiles C into a shared library. */
export async function compileLibrary(path: string, source: string): Promise<void> {
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeTextFile(`${path}.c`, source);
  if (!await succeeds("cc", "-shared", "-fPIC", "-o", path, `${path}.c`)) {
    throw new Error(`cc does not compile ${path}.c`);
  }
  await Deno.remove(`${path}.c`);
}

async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  try {
    const options = { args, stdin: "null", stdout: "null", stderr: "null" } as const;
    return (await new Deno.Command(command, options).output()).success;
  } catch {
    return false;
  }
}
