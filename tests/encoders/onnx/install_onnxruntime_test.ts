import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { runRefusal } from "../run_refusal.ts";

const ignore = !granted("read", "write", "ffi", "run", "sys", "env", "net");

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "createEncoder() without onnxruntime says what installs it, where it may not itself",
  ignore,
  fn: () =>
    inFolder(async (HOME) => {
      const weights = `${HOME}/network.onnx`;
      await Deno.writeTextFile(weights, "any");
      const message = await runRefusal({
        env: { HOME },
        settings: { kind: "onnx", weights, mean: [0, 0, 0], std: [1, 1, 1] },
        permissions: ["--allow-read", "--allow-env", "--allow-ffi", "--allow-sys"],
      });
      assertEquals(
        message,
        'encoder.kind is "onnx", but onnxruntime is not installed, and this process may not start ' +
          "`deno`, which downloads it: run `deno task setup --onnx`",
      );
    }),
});

Deno.test({
  name: "installOnnxruntime() says in one sentence that the registry cannot be reached",
  ignore,
  fn: () =>
    inFolder(async (HOME) => {
      const message = await runRefusal({
        env: { HOME, DENO_DIR: `${HOME}/deno`, NPM_CONFIG_REGISTRY: "http://127.0.0.1:9/" },
      });
      assert(message.startsWith("Deno could not download onnxruntime: "), message);
      assert(message.includes("check the connection"), message);
      const left = [...Deno.readDirSync(`${HOME}/.cache/showtell`)];
      assertEquals(left.map(({ name }) => name), []);
    }),
});
