import { encoderSettings } from "../../../lib/config/mod.ts";
import { createEncoder } from "../../../lib/encoders/mod.ts";
import { decodePhoto } from "../../../lib/images/mod.ts";
import { startEngine } from "../../../lib/engine/mod.ts";
import { assert, assertEquals } from "../../assert.ts";
import { granted } from "../../permissions.ts";

const shared = new URL("../../../../shared/", import.meta.url);
const weights = new URL(
  "weights/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
  shared,
);

function isThere(): boolean {
  if (!granted("read", "write", "ffi", "env", "run", "sys", "net")) return false;
  try {
    return Deno.statSync(weights).isFile;
  } catch {
    return false;
  }
}

Deno.test({
  name: "createEncoder() gives the features that a file of real ImageNet weights comes with",
  ignore: !isThere(),
  fn: async () => {
    const path = new URL("weights/mobilenet_v2_reference.json", shared);
    const { gap } = JSON.parse(await Deno.readTextFile(path)) as { gap: Record<string, number[]> };
    const { fused } = await startEngine();
    const settings = encoderSettings.parse({ kind: "mobilenet_v2", weights: weights.pathname });
    const encoder = await createEncoder(settings, { fused });
    for (const [name, expected] of Object.entries(gap)) {
      const photo = new URL(`flickr8k/Images/${name}`, shared);
      const pixels = await decodePhoto(photo.pathname, settings);
      const found = await encoder.encode(pixels, 1);
      assertEquals(found.length, expected.length);
      const largest = Math.max(...expected);
      const difference = Math.max(...found.map((value, i) => Math.abs(value - expected[i])));
      // The reference's photos went through another JPEG decoder, which moves a feature by 1e-2.
      assert(difference / largest < 1e-2, `${name}: ${difference} of ${largest}`);
    }
    encoder.dispose();
  },
});
