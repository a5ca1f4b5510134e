import { join } from "node:path";
import { startEngine } from "../../lib/engine/mod.ts";
import { locateTensorFlow } from "../../lib/engine/locate.ts";
import { assert, assertEquals } from "../assert.ts";
import { runFixture } from "./run_fixture.ts";
import { ignoreTensorFlow as ignore } from "./tensorflow/tensorflow_backend.ts";

async function start(env: Record<string, string>) {
  const { code, stdout, stderr } = await runFixture("start_engine.ts", env);
  assertEquals(code, 0, stderr);
  return { ...JSON.parse(stdout), stderr };
}

Deno.test({
  name:
    "startEngine() gives TensorFlow with its fused operations, and not a line on standard error",
  ignore,
  async fn() {
    const engine = await start({});
    assertEquals(
      [engine.name, engine.backend, engine.fused, engine.optimizer, engine.sum],
      ["tensorflow", "tensorflow", true, "own", 64 ** 3],
    );
    assert(/^TensorFlow 2\.\d+\.\d+ from .+, (CPU|\d+ GPUs?)$/.test(engine.description));
    assertEquals([engine.stderr, engine.said], ["", []]);
  },
});

Deno.test({
  name: "startEngine() gives the same engine at every call",
  ignore,
  async fn() {
    assert(await startEngine() === await startEngine());
  },
});

Deno.test({
  name: "SHOWTELL_ENGINE=wasm gives WASM, with nothing fused and plain Adam",
  ignore,
  async fn() {
    const engine = await start({ SHOWTELL_ENGINE: "wasm" });
    assertEquals(
      [engine.name, engine.backend, engine.fused, engine.optimizer, engine.sum],
      ["wasm", "wasm", false, "plain", 64 ** 3],
    );
    assertEquals(engine.stderr, "");
  },
});

Deno.test({
  name: "SHOWTELL_ENGINE with a value that does not exist is an error that lists those that do",
  ignore,
  async fn() {
    const { error } = await start({ SHOWTELL_ENGINE: "tensorfow" });
    assertEquals(error, 'SHOWTELL_ENGINE is "tensorfow"; it can be auto, tensorflow, wasm');
  },
});

Deno.test({
  name: "SHOWTELL_ENGINE=webgpu is refused with the reason",
  ignore,
  async fn() {
    const { error } = await start({ SHOWTELL_ENGINE: "webgpu" });
    assert(/SHOWTELL_ENGINE is "webgpu".+2D canvas.+auto, tensorflow, wasm$/.test(error), error);
  },
});

Deno.test({
  name: "SHOWTELL_TENSORFLOW that leads nowhere is an error that names it",
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      for (const path of [join(folder, "absent"), folder]) {
        const { error } = await start({ SHOWTELL_TENSORFLOW: path });
        assert(error.includes(path) && error.includes("libtensorflow"), error);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "SHOWTELL_TENSORFLOW with a file that is not a library, or another one, is an error",
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const path = join(folder, "libtensorflow_cc.so.2");
      await Deno.writeTextFile(path, "no library");
      for (const engine of ["auto", "tensorflow"]) {
        for (const named of [path, folder]) {
          const { error, said } = await start({
            SHOWTELL_ENGINE: engine,
            SHOWTELL_TENSORFLOW: named,
          });
          assert(error?.includes(path), `${error} ${said}`);
        }
      }
      // The half of TensorFlow that lacks the C API: a library, but not this one.
      const [{ framework }] = locateTensorFlow();
      if (framework === undefined) return;
      const { error } = await start({ SHOWTELL_TENSORFLOW: framework });
      assert(error?.includes(framework), error);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "A process ends with 0, five times of five, while resource variables are alive",
  ignore,
  async fn() {
    for (let i = 0; i < 5; i++) {
      const { code, stdout, stderr } = await runFixture("exit_with_variables.ts");
      assertEquals([code, stdout, stderr], [0, "-0.100\n", ""]);
    }
  },
});
