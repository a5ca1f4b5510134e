import { bfloat16Speed } from "../../lib/engine/bfloat16_speed.ts";
import { parseProcessor, readProcessor } from "../../lib/engine/processor.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const cpuinfo = (flags: string) =>
  `processor\t: 0\nmodel name\t: Some Processor @ 2.0GHz\nflags\t\t: ${flags}\nbugs\t\t: none\n\n`;

Deno.test("parseProcessor() reads the first processor's name and what it has for matrix products", () => {
  assertEquals(parseProcessor(cpuinfo("fpu sse2 avx2 avx512f avx512_bf16 amx_bf16").repeat(2)), {
    name: "Some Processor @ 2.0GHz",
    extensions: ["AVX2", "AVX-512", "AVX512-BF16", "AMX-BF16"],
  });
  // Whole words: avx512_bf16 is not avx512f.
  assertEquals(parseProcessor(cpuinfo("avx avx512_bf16x")).extensions, []);
  assertEquals(parseProcessor("").extensions, undefined);
});

Deno.test({
  name: "readProcessor() reads this machine's, which Deno itself refuses",
  ignore: Deno.build.os !== "linux" || Deno.build.arch !== "x86_64" || !granted("ffi"),
  fn() {
    assert(readProcessor().extensions !== undefined);
  },
});

Deno.test("bfloat16Speed() is faster with AMX-BF16, AVX512-BF16 or tensor cores, and says which", () => {
  const on = (flags: string, generation?: number | null) => {
    const gpu = generation === undefined ? undefined : { generation: generation ?? undefined };
    const { isFaster, reason } = bfloat16Speed(parseProcessor(flags && cpuinfo(flags)), gpu);
    return `${isFaster}: ${reason}`;
  };
  assertEquals(on("avx2 avx512f amx_bf16 avx512_bf16"), "true: the processor has AMX-BF16");
  assertEquals(on("avx2 avx512f avx512_bf16"), "true: the processor has AVX512-BF16");
  assertEquals(
    on("avx2 avx512f"),
    "false: the processor has neither AMX-BF16 nor AVX512-BF16",
  );
  assertEquals(on(""), "false: it is not known what the processor has for it");
  assertEquals(on("amx_bf16", 9), "true: the GPU has tensor cores");
  assertEquals(on("amx_bf16", 7), "false: the GPU has no tensor cores for it");
  assertEquals(
    on("amx_bf16", null),
    "false: the driver does not tell whether the GPU has tensor cores",
  );
});
