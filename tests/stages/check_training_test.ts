import { loadConfig } from "../../lib/config/mod.ts";
import { checkTraining } from "../../lib/stages/train.ts";
import { assert, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";

const configs = new URL("../../configs/", import.meta.url);

Deno.test({
  name:
    "checkTraining() lets every config of the project begin, and refuses a decoder of other features",
  ignore: !granted("read", "sys"),
  fn: async () => {
    const names = [...Deno.readDirSync(configs)].map(({ name }) => name.replace(/\.jsonc$/, ""));
    assert(names.includes("flickr8k_attention"));
    for (const name of names) {
      checkTraining({ config: await loadConfig({ file: name }), data: "data" });
    }
    const config = await loadConfig({
      file: "flickr8k_attention",
      overrides: ["encoder.layer=global_average_pooling2d"],
    });
    assertThrows(
      () => checkTraining({ config, data: "data" }),
      RangeError,
      "[1280]: set encoder.layer",
    );
  },
});
