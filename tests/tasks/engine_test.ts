import { join } from "node:path";
import {
  ABORTS,
  compileLibrary,
  CUDA,
  hasCompiler,
  hasNamespaces,
  ILLEGAL,
} from "../engine/native_fakes.ts";
import { recordLibrary } from "../../lib/engine/library_record.ts";
import { assert, assertEquals } from "../assert.ts";
import { sampleOne } from "../sample.ts";
import { ignore, inFolder, runWith } from "./task.ts";

const LIBRARY = ".cache/showtell/tensorflow-2.21.0-cpu/tensorflow/libtensorflow_cc.so.2";
const isLinux = Deno.build.os === "linux";

/** Another home, with the packages of the true one. */
async function homeAt(folder: string): Promise<Record<string, string>> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(stdout));
  return {
    HOME: folder,
    DENO_DIR: denoDir,
    VIRTUAL_ENV: folder,
    SHOWTELL_ENGINE: "",
    SHOWTELL_TENSORFLOW: "",
    SHOWTELL_TEST_LOADS: join(folder, "loads"),
  };
}

for (
  const { signal, source, reason } of sampleOne([
    { signal: "SIGABRT", source: ABORTS, reason: "it aborts (SIGABRT: It needs AVX instructions)" },
    {
      signal: "SIGILL",
      source: ILLEGAL,
      reason: "this processor lacks instructions that it was built with (SIGILL)",
    },
  ], "signals")
) {
  Deno.test({
    name: `train continues with WASM where TensorFlow's library raises ${signal}, tried once`,
    ignore: ignore || !hasCompiler || !isLinux,
    fn: () =>
      inFolder(async (folder) => {
        const env = await homeAt(folder);
        await compileLibrary(join(folder, LIBRARY), source);
        await recordLibrary(join(folder, LIBRARY, "../.."));
        const loads = async () => (await Deno.readTextFile(env.SHOWTELL_TEST_LOADS)).length;
        const train = (...more: string[]) =>
          runWith(env, folder, "train", "--config=tiny.json", "--training.epochs=1", ...more);

        const first = await train();
        assertEquals(first.code, 0, first.err);
        assert(first.err.includes(`Cannot use ${join(folder, LIBRARY)}: ${reason}`), first.err);
        assert(first.err.includes("Continuing with WASM"), first.err);
        assertEquals(await loads(), 1);

        const second = await train("--overwrite");
        assert(second.err.includes(reason), second.err);
        assertEquals([second.code, await loads()], [0, 1]);

        // Another library of that name is tried again.
        await Deno.utime(join(folder, LIBRARY), 1, 1);
        await train("--overwrite");
        assertEquals(await loads(), 2);

        const doctor = await runWith(env, folder, "doctor", "--json");
        const { canTrain, checks } = JSON.parse(doctor.out);
        assertEquals([doctor.code, canTrain], [0, true]);
        const check = (what: string) =>
          checks.find((each: { what: string }) => each.what.startsWith(what));
        const { fix } = check("engine");
        assert(fix.startsWith("export SHOWTELL_TENSORFLOW="), fix);
        const { detail } = check("TensorFlow from");
        assert(detail.includes(reason), detail);

        const setup = await runWith(env, folder, "setup");
        assertEquals(setup.code, 1);
        assert(setup.err.includes(`${reason}. Give another build`), setup.err);

        const named = { ...env, SHOWTELL_TENSORFLOW: join(folder, LIBRARY) };
        const auto = await runWith(named, folder, "train", "--config=tiny.json", "--overwrite");
        assert(auto.code === 0 && auto.err.includes(`${reason}. Continuing with WASM`), auto.err);
        const forced = { ...named, SHOWTELL_ENGINE: "tensorflow" };
        const refused = await runWith(forced, folder, "train", "--config=tiny.json");
        assert(refused.code === 1 && refused.err.includes(`${reason}\n`), refused.err);
      }),
  });
}

const gpuCheck = (out: string) =>
  JSON.parse(out).checks.find(({ what }: { what: string }) => what === "GPU");

Deno.test({
  name: "doctor names the GPU that libcuda counts, and the command that uses it",
  ignore: ignore || !hasCompiler || !isLinux,
  fn: () =>
    inFolder(async (folder) => {
      await compileLibrary(join(folder, "libcuda.so.1"), CUDA);
      const env = { ...await homeAt(folder), LD_LIBRARY_PATH: folder };
      const { state, detail, fix } = gpuCheck(
        (await runWith(env, folder, "doctor", "--json")).out,
      );
      assert(detail.startsWith("2 × NVIDIA Test 1 (driver for CUDA 12.4)"), detail);
      assertEquals(state, "unused");
      if (Deno.build.arch === "x86_64") assertEquals(fix, "deno task setup --gpu");
    }),
});

Deno.test({
  name: "doctor names the GPU of a driver whose files Deno itself may not read",
  ignore: ignore || !hasNamespaces || !isLinux,
  fn: () =>
    inFolder(async (folder) => {
      const gpu = "/proc/driver/nvidia/gpus/0000:01:00.0";
      const script = [
        "mount -t tmpfs none /proc/driver",
        `mkdir -p ${gpu}`,
        `printf 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu\\n' ` +
        "> /proc/driver/nvidia/version",
        `printf 'Model: \\t\\t NVIDIA Test 2\\nIRQ: 1\\n' > ${gpu}/information`,
        'exec "$@"',
      ].join(" && ");
      const env = await homeAt(folder);
      const deno = new URL("../../", import.meta.url).pathname;
      const { stdout, stderr } = await new Deno.Command("unshare", {
        args: ["-rm", "sh", "-c", script, "sh", Deno.execPath(), "run", "-q", "-P=checks"]
          .concat("--no-check", `--config=${deno}deno.json`, `${deno}tasks/doctor.ts`, "--json"),
        cwd: folder,
        env,
      }).output();
      const text = new TextDecoder();
      const out = text.decode(stdout);
      assert(out !== "", text.decode(stderr));
      const { detail, fix } = gpuCheck(out);
      assert(detail.startsWith("NVIDIA Test 2 (driver 550.54.14)"), detail);
      if (Deno.build.arch === "x86_64") assertEquals(fix, "deno task setup --gpu");
    }),
});
