import { keptPath, onnxSettings } from "../../../lib/encoders/mod.ts";
import { onnxFile } from "../../../lib/encoders/onnx/onnx_file.ts";
import { sha256 } from "../../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";

Deno.test({
  name:
    "onnxFile() downloads once, records the checksum, and refuses a file that has changed since",
  ignore: !granted("read", "write", "env", "net"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const content = new TextEncoder().encode("a network");
    let requests = 0;
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      requests++;
      return new Response(content);
    });
    try {
      const host = `127.0.0.1:${server.addr.port}`;
      const weights = `http://${host}/onnx/network.onnx`;
      const settings = onnxSettings.parse({
        kind: "onnx",
        weights,
        weightsHosts: [host],
        mean: [0, 0, 0],
        std: [1, 1, 1],
      });
      const said: string[] = [];
      const say = (line: string) => said.push(line);
      const { path, digest } = await onnxFile(settings, { say }, folder);
      assertEquals([path, digest], [keptPath(weights, folder), sha256(content)]);
      assert(said[0].startsWith(`Downloading the encoder from ${weights} to `), said[0]);
      assert(said[1].includes(`its sha256 is ${digest}, recorded in`), said[1]);
      const { digest: again } = await onnxFile(settings, { say }, folder);
      assertEquals([again, requests, said.length], [digest, 1, 2]);
      await Deno.writeTextFile(path, "another");
      const { message } = await assertRejects(() => onnxFile(settings, {}, folder), Error);
      assert(message.includes("has changed since it was downloaded"), message);
      const { weightsHosts: _, ...unnamed } = settings;
      await Deno.remove(path);
      const refused = await assertRejects(() => onnxFile(unnamed, {}, folder), Error);
      assert(refused.message.includes("encoder.weightsHosts"), refused.message);
    } finally {
      await server.shutdown();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
