/**
 * Encoders in ONNX files: they need the package that
 *
 *     deno task setup --onnx
 *
 * installs, and beside onnxruntime in Python where SHOWTELL_KERAS_PYTHON names a Python with it.
 */
import { fileURLToPath } from "node:url";
import { encoderSettings } from "../../../lib/config/mod.ts";
import { createEncoder, LazyEncoder, onnxruntimeFolder } from "../../../lib/encoders/mod.ts";
import { Random } from "../../../lib/random/mod.ts";
import { isThere } from "../../../lib/storage/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";
import { onnxNetwork, type OnnxOptions, WIDTH } from "./write_onnx.ts";

const isGranted = granted("read", "write", "ffi", "run", "sys", "net", "env");
const ignore = !isGranted || !isThere(onnxruntimeFolder());
const python = isGranted ? Deno.env.get("SHOWTELL_KERAS_PYTHON") : undefined;
const hasOnnxruntime = python !== undefined &&
  new Deno.Command(python, { args: ["-c", "import onnxruntime"] }).outputSync().success;

const size = 32;
const mean = [0.48, 0.46, 0.41], std = [0.27, 0.26, 0.28];
const random = new Random(3);
const photos = 11; // more than go through at once
const pixels = Uint8Array.from({ length: photos * size ** 2 * 3 }, () => random.integer(0, 256));

async function withNetwork(
  options: OnnxOptions,
  test: (path: string, settings: (more?: object) => ReturnType<typeof parse>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/network.onnx`;
    await Deno.writeFile(path, onnxNetwork(options));
    await test(path, (more) => parse({ weights: path, layer: "image_embeds", ...more }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function parse(more: object) {
  return encoderSettings.parse({ kind: "onnx", imageSize: size, mean, std, ...more });
}

async function featuresOf(settings: ReturnType<typeof parse>) {
  const encoder = await createEncoder(settings);
  try {
    const { featureShape, key } = encoder;
    return { featureShape, key, features: await encoder.encode(pixels, photos) };
  } finally {
    encoder.dispose();
  }
}

Deno.test({
  name: "an ONNX file's features equal those of onnxruntime in Python within 1e-5",
  ignore: ignore || !hasOnnxruntime,
  fn: () =>
    withNetwork({}, async (path, settings) => {
      const folder = path.slice(0, path.lastIndexOf("/"));
      await Deno.writeFile(`${folder}/pixels`, pixels);
      const script = fileURLToPath(new URL("./onnx_reference.py", import.meta.url));
      const args = [script, path, `${size}`, `${folder}/pixels`, folder, `${mean}`, `${std}`];
      const { code, stderr } = await new Deno.Command(python!, { args }).output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      const read = async (name: string) =>
        new Float32Array((await Deno.readFile(`${folder}/${name}`)).buffer);
      const tokens = await read("last_hidden_state");
      const row = 17 * WIDTH;
      const expected = {
        image_embeds: await read("image_embeds"),
        class: Float32Array.from({ length: photos * WIDTH }, (_, i) =>
          tokens[Math.floor(i / WIDTH) * row + i % WIDTH]),
        patches: Float32Array.from({ length: photos * 16 * WIDTH }, (_, i) =>
          tokens[Math.floor(i / (16 * WIDTH)) * row + WIDTH + i % (16 * WIDTH)]),
      };
      const found = {
        image_embeds: await featuresOf(settings()),
        class: await featuresOf(settings({ layer: "last_hidden_state" })),
        patches: await featuresOf(settings({ layer: "last_hidden_state", take: "grid" })),
      };
      assertEquals(found.image_embeds.featureShape, [WIDTH]);
      assertEquals(found.class.featureShape, [WIDTH]);
      assertEquals(found.patches.featureShape, [4, 4, WIDTH]);
      for (const name of ["image_embeds", "class", "patches"] as const) {
        const { features } = found[name];
        assertEquals(features.length, expected[name].length);
        const difference = Math.max(...features.map((each, i) =>
          Math.abs(each - expected[name][i])
        ));
        assert(difference <= 1e-5, `${name}: ${difference}`);
        assert(Math.max(...features) > 0.5, name);
      }
      assertEquals(
        new Set(
          Object.values(found).map(({ key }) =>
            key
          ),
        ).size,
        3,
      );
    }),
});

Deno.test({
  name: "an ONNX file of a fixed batch or with channels last gives the same as one of any number",
  ignore,
  fn: async () => {
    let any: Float32Array = new Float32Array();
    await withNetwork({}, async (_, settings) => {
      any = (await featuresOf(settings())).features;
      const lazy = await LazyEncoder.of(settings());
      assertEquals(lazy.featureShape, [WIDTH]);
      const alone = await lazy.encode(pixels.subarray(0, size ** 2 * 3), 1);
      assert(alone.every((value, i) => Math.abs(value - any[i]) < 1e-6));
      await lazy.dispose();
    });
    for (const input of [[4, 3, size, size], ["batch", size, size, 3]]) {
      await withNetwork({ input }, async (_, settings) => {
        const { features } = await featuresOf(settings());
        assert(features.every((value, i) => Math.abs(value - any[i]) < 1e-6));
      });
    }
  },
});

Deno.test({
  name: "createEncoder() says in one sentence what is wrong with an ONNX file, or asked of it",
  ignore,
  fn: async () => {
    const refusal = async (options: OnnxOptions, more: object = {}) => {
      let found = "";
      await withNetwork(options, async (_, settings) => {
        found = (await assertRejects(() => createEncoder(settings(more)), Error)).message;
      });
      assert(!found.includes("\n"), found);
      return found;
    };
    const expected: [OnnxOptions, object, string][] = [
      [{}, { layer: "image_embed" }, 'has no output "image_embed"; did you mean "image_embeds"?'],
      [
        {},
        { layer: "auto" },
        "has the outputs last_hidden_state and image_embeds: name the feature",
      ],
      [{}, { take: "grid" }, "has one vector a photo, not a grid: set encoder.layer to an output"],
      [{}, { imageSize: 4 }, "cannot take photos of encoder.imageSize 4 ("],
      [
        { input: ["batch", 3, 48, 48] },
        {},
        "takes photos of 48 × 48 pixels, not encoder.imageSize 32: set it to 48",
      ],
      [{ also: "input_ids" }, {}, "takes pixel_values and input_ids, not a photo alone: export"],
      [{ input: ["batch", 1, 48, 48] }, {}, "not float32 photos of 3 channels"],
    ];
    for (const [options, more, part] of expected) {
      const found = await refusal(options, more);
      assert(found.includes(part), `${found} lacks ${part}`);
    }
    const file = await Deno.makeTempFile({ suffix: ".onnx" });
    await Deno.writeTextFile(file, "no network");
    const damaged = await assertRejects(() => createEncoder(parse({ weights: file })), SyntaxError);
    assert(damaged.message.includes("cannot be loaded by onnxruntime ("), damaged.message);
    await Deno.remove(file);
    const none = await assertRejects(() => createEncoder(parse({ weights: file })), Error);
    assert(none.message.includes("there is no file of that name: set it to an ONNX"), none.message);
  },
});
