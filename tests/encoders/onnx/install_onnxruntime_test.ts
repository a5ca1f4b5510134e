import { fileURLToPath } from "node:url";
import { installOnnxruntime } from "../../../lib/encoders/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";

const ignore = !granted("read", "write", "ffi", "run", "sys", "env");
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function inEmptyHome(test: (folder: string, denoFolder: string) => Promise<void>) {
  const before = ["HOME", "DENO_DIR", "NPM_CONFIG_REGISTRY"]
    .map((name) => [name, Deno.env.get(name)] as const);
  const denoFolder = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
  const folder = await Deno.makeTempDir();
  try {
    Deno.env.set("HOME", folder);
    await test(folder, denoFolder);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "createEncoder() without onnxruntime says what installs it, where it may not itself",
  ignore,
  fn: () =>
    inEmptyHome(async (folder, denoFolder) => {
      const network = `${folder}/network.onnx`;
      await Deno.writeTextFile(network, "any");
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "--no-prompt", `--config=${path("../../../deno.json")}`]
          .concat("--allow-read", "--allow-env", "--allow-ffi", "--allow-sys")
          .concat(path("without_package.ts"), network),
        env: { DENO_DIR: denoFolder },
      }).output();
      assertEquals(
        new TextDecoder().decode(stdout),
        'encoder.kind is "onnx", but onnxruntime is not installed, and this process may not start ' +
          "`deno`, which downloads it: run `deno task setup --onnx`\n",
        new TextDecoder().decode(stderr),
      );
    }),
});

Deno.test({
  name: "installOnnxruntime() says in one sentence that the registry cannot be reached",
  ignore,
  fn: () =>
    inEmptyHome(async (folder) => {
      Deno.env.set("DENO_DIR", `${folder}/deno`);
      Deno.env.set("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9/");
      const { message } = await assertRejects(() => installOnnxruntime(), Error);
      assert(message.startsWith("Deno could not download onnxruntime: "), message);
      assert(!message.includes("\n") && message.includes("check the connection"), message);
      const left = [...Deno.readDirSync(`${folder}/.cache/showtell`)];
      assertEquals(left.map(({ name }) => name), []);
    }),
});
