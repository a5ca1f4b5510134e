import { encoderSettings } from "../../../lib/config/mod.ts";
import { architectures } from "../../../lib/encoders/mod.ts";
import { downloadOfficialWeights } from "../../../lib/encoders/weights/official_weights.ts";
import { sha256 } from "../../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";

const ignore = !granted("read", "write", "net");

/** A server of any file, whose content is its name, and a folder to download into. */
async function withServer(
  use: (place: { url: string; folder: string; asked: string[] }) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, ({ url }) => {
    const name = new URL(url).pathname.split("/").at(-1)!;
    asked.push(name);
    return new Response(name);
  });
  const folder = await Deno.makeTempDir();
  try {
    await use({ url: `http://127.0.0.1:${server.addr.port}/some/where`, folder, asked });
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}

const whole = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5";
const noTop = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5";

function bring(kind: string, layer: string, weightsUrl: string, folder: string, said?: string[]) {
  const settings = encoderSettings.parse({
    kind,
    layer,
    weightsUrl,
    weightsHosts: [new URL(weightsUrl).host],
  });
  const say = (line: string) => said?.push(line);
  return downloadOfficialWeights(architectures[kind], settings, { say }, folder);
}

Deno.test({
  name: "downloadOfficialWeights() takes the small file unless the layer needs the top, once",
  ignore,
  fn: () =>
    withServer(async ({ url, folder, asked }) => {
      const path = await bring("mobilenet_v2", "global_average_pooling2d", url, folder);
      assertEquals(path, `${folder}/${noTop}`);
      assertEquals(await Deno.readTextFile(path), noTop);
      await bring("mobilenet_v2", "out_relu", `${url}/`, folder);
      assertEquals(asked, [noTop]);
      await bring("mobilenet_v2", "predictions", url, folder);
      assertEquals(asked, [noTop, whole]);
    }),
});

Deno.test({
  name: "downloadOfficialWeights() records the sha256 where none is published, and holds to it",
  ignore,
  fn: () =>
    withServer(async ({ url, folder }) => {
      const said: string[] = [];
      const path = await bring("mobilenet_v2", "out_relu", url, folder, said);
      assertEquals(await Deno.readTextFile(`${path}.sha256`), `${sha256(noTop)}\n`);
      assert(said.some((line) => line.includes(sha256(noTop))), said.join("\n"));
      await Deno.writeTextFile(path, "something else");
      await assertRejects(
        () => bring("mobilenet_v2", "out_relu", url, folder),
        Error,
        "has changed since it was downloaded",
      );
    }),
});

const withChecksums: [kind: string, top: string, noTop: string][] = [
  ["vgg16", "fc2", "block5_conv3"],
  ["xception", "predictions", "avg_pool"],
  ["inception_v3", "predictions", "avg_pool"],
  ["resnet50", "predictions", "conv5_block3_out"],
];
for (const [kind, top, noTop] of withChecksums) {
  Deno.test({
    name: `downloadOfficialWeights() refuses ${kind}'s files if their md5 is not the published one`,
    ignore,
    fn: () =>
      withServer(async ({ url, folder, asked }) => {
        await assertRejects(() => bring(kind, top, url, folder), Error, "md5");
        await assertRejects(() => bring(kind, noTop, url, folder), Error, "md5");
        assertEquals([...new Set(asked)], [
          `${kind}_weights_tf_dim_ordering_tf_kernels.h5`,
          `${kind}_weights_tf_dim_ordering_tf_kernels_notop.h5`,
        ]);
        for await (const { name } of Deno.readDir(folder)) assert(!name.endsWith(".h5"), name);
      }),
  });
}
