import { arithmeticCheck, engineChecks } from "../../lib/doctor/mod.ts";
import type { EngineInspection, InspectedLibrary } from "../../lib/engine/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { ignore, inFolder, run } from "./task.ts";

const library = (origin: string, ...types: string[]): InspectedLibrary => ({
  origin,
  path: `/${origin}/libtensorflow.so.2`,
  ...types.length > 0
    ? { version: "2.21.0", devices: types.map((type) => ({ name: `${type}:0`, type })) }
    : { problem: "too short" },
});

const checksOf = (inspection: Partial<EngineInspection>) => {
  const checks = engineChecks({
    asked: "auto",
    libraries: [],
    ...inspection,
  });
  return new Map(checks.map((check) => [check.what, check]));
};

Deno.test("engineChecks() says which library is used and why the GPU is not", () => {
  const [broken, cpu] = [library("a"), library("b", "CPU")];
  const checks = checksOf({ libraries: [broken, cpu], chosen: cpu, gpu: "NVIDIA T4" });
  assertEquals(checks.get("engine")!.detail, "TensorFlow 2.21.0 from b, CPU");
  assertEquals(checks.get("TensorFlow from a")!.state, "missing");
  assertEquals(checks.get("TensorFlow from a")!.detail, "too short");
  assertEquals(checks.get("TensorFlow from b")!.state, "found");
  assertEquals([checks.get("GPU")!.state, checks.get("GPU")!.fix], [
    "unused",
    "deno task setup --gpu",
  ]);
});

Deno.test("engineChecks() without a library: training runs, unless TensorFlow is asked for", () => {
  const auto = checksOf({}).get("engine")!;
  assertEquals([auto.state, auto.needed, auto.fix], ["missing", false, "deno task setup"]);
  assertEquals(checksOf({ asked: "tensorflow" }).get("engine")!.needed, true);
  assertEquals(checksOf({ asked: "wasm" }).get("engine")!.state, "found");
  const wrong = checksOf({ asked: "tpu" }).get("engine")!;
  assert(wrong.needed && wrong.detail.includes("auto, tensorflow, wasm"), wrong.detail);
});

Deno.test("arithmeticCheck() says what the processor has, what auto chooses and why, and both rates", () => {
  const reason = "the processor has AMX-BF16";
  const inspection = {
    processor: { name: "Xeon", extensions: ["AVX2" as const, "AMX-BF16" as const] },
    bfloat16: { isFaster: true, reason },
  };
  const rates = { float32: 300.4, bfloat16: 1450 };
  assertEquals(
    arithmeticCheck({ ...inspection, rates }, true).detail,
    `Xeon: AVX2, AMX-BF16; auto chooses bfloat16, as ${reason}; a matrix product runs at ` +
      "300 GFLOP/s in float32 and 1450 in bfloat16",
  );
  assertEquals(
    arithmeticCheck(inspection, false).detail,
    "Xeon: AVX2, AMX-BF16; auto chooses float32, as only the engine on TensorFlow has bfloat16",
  );
  assertEquals(arithmeticCheck(undefined, true).state, "missing");
});

Deno.test({
  name: "doctor lists what is found; --json is one document; exits 0 as training can run",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const { code, out, err } = await run(folder, "doctor", "--json");
      assertEquals([code, err], [0, ""]);
      const { canTrain, checks } = JSON.parse(out);
      assertEquals(canTrain, true);
      for (const check of checks) {
        assert(
          ["found", "missing", "unused", "not yet"].includes(check.state),
          JSON.stringify(check),
        );
        assert(check.detail.length > 0 && !check.detail.includes("undefined"));
      }
      const names = checks.map(({ what }: { what: string }) => what);
      const wanted = [
        "engine",
        "GPU",
        "arithmetic",
        "data folder",
        "vgg16 weights",
        "mobilenet_v2 weights",
      ]
        .concat("JupyterLab", "nbconvert", "Deno kernel", "Chromium");
      for (const what of wanted) assert(names.includes(what), what);
    }),
});

Deno.test({
  name: "doctor exits 1 where the data folder cannot be written",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/data`, "");
      const { code, out } = await run(folder, "doctor");
      assert(code === 1 && /missing +data folder +Cannot write data/.test(out), out);
      assert(out.includes("Training cannot run: data folder first"), out);
    }),
});

Deno.test({
  name: "doctor tells what a config needs from what is merely not made yet",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const { code, out } = await run(folder, "doctor", "--config=tiny.json");
      assertEquals(code, 0, out);
      assert(/not yet +prepared data +`deno task prepare` makes it/.test(out), out);
      assert(
        /not yet +trained run +`deno task train` makes it, in data\/runs\/tiny/.test(out),
        out,
      );
      assert(!/missing +(vgg16|data)/.test(out), out); // nothing that a person has to do
      const lacking = await run(folder, "doctor", "--config=flickr8k_vgg16");
      assertEquals(lacking.code, 1, lacking.out);
      assert(/missing +data set +there is no .*\n +fix: put the data set there/.test(lacking.out));
      assert(lacking.out.includes("Training cannot run: data set first"), lacking.out);
    }),
});
