import { loadConfig } from "../../../lib/config/mod.ts";
import { readPreprocessor } from "../../../lib/encoders/mod.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { granted } from "../../permissions.ts";

const ignore = !granted("read", "write");

const clip = {
  crop_size: { height: 224, width: 224 },
  do_center_crop: true,
  do_normalize: true,
  do_rescale: true,
  image_mean: [0.48, 0.46, 0.41],
  image_std: [0.27, 0.26, 0.28],
  resample: 3,
  rescale_factor: 0.00392156862745098,
  size: { shortest_edge: 224 },
};
const siglip = {
  do_normalize: true,
  image_mean: [0.5, 0.5, 0.5],
  image_std: [0.5, 0.5, 0.5],
  resample: 2,
  size: { height: 384, width: 384 },
};

async function beside(
  content: unknown,
  test: (network: string) => Promise<void>,
  folder = "",
): Promise<void> {
  const work = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${work}/${folder}`, { recursive: true });
    const text = typeof content === "string" ? content : JSON.stringify(content);
    await Deno.writeTextFile(`${work}/preprocessor_config.json`, text);
    await test(`${work}/${folder}network.onnx`);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

Deno.test({
  name: "readPreprocessor() reads CLIP's and SigLIP's files, and says what is done in another way",
  ignore,
  fn: async () => {
    const { image_mean: mean, image_std: std, rescale_factor: rescale } = clip;
    const expected = {
      imageSize: 224,
      fit: "crop" as const,
      kernel: "bicubic",
      rescale,
      mean,
      std,
    };
    await beside(clip, async (network) => assertEquals(await readPreprocessor(network), expected));
    const inFolder = async (network: string) =>
      assertEquals(await readPreprocessor(network), expected);
    await beside(clip, inFolder, "onnx/");
    await beside(siglip, async (network) =>
      assertEquals(await readPreprocessor(network), {
        imageSize: 384,
        fit: "stretch",
        kernel: "bilinear",
        rescale: 1 / 255,
        mean: [0.5, 0.5, 0.5],
        std: [0.5, 0.5, 0.5],
      }));
    const said: string[] = [];
    const dino = { ...clip, size: { shortest_edge: 256 } };
    await beside(dino, async (network) => {
      const found = await readPreprocessor(network, (line) => said.push(line));
      assertEquals(found.imageSize, 224);
    });
    assert(
      said.length === 1 && said[0].includes("scales photos to 256 pixels and cuts 224"),
      said[0],
    );
    assertEquals(await readPreprocessor("/nowhere/network.onnx"), {});
  },
});

Deno.test({
  name: "readPreprocessor() names the file and the key that is wrong",
  ignore,
  fn: async () => {
    const refusal = async (content: unknown) => {
      let message = "";
      await beside(content, async (network) => {
        message = (await assertRejects(() => readPreprocessor(network), SyntaxError)).message;
      });
      return message;
    };
    assert((await refusal("{")).includes("preprocessor_config.json is not JSON ("));
    const short = await refusal({ ...clip, image_mean: [1, 2] });
    assert(
      short.includes("is not a valid preprocessor_config.json") && short.includes("image_mean"),
      short,
    );
    const oblong = await refusal({ ...siglip, size: { height: 100, width: 200 } });
    assert(oblong.includes("photos of 100 × 200 pixels: only squares"), oblong);
  },
});

Deno.test({
  name:
    "loadConfig() fills in what an ONNX encoder leaves out; without the file, mean and std are asked for",
  ignore,
  fn: async () => {
    const load = (network: string, ...more: string[]) =>
      loadConfig({
        overrides: ["encoder.kind=onnx", `encoder.weights=${network}`].concat(more),
      });
    await beside(siglip, async (network) => {
      const { encoder } = await load(network, "encoder.kernel=nearest");
      const { imageSize, kernel, fit, mean } = encoder as unknown as Record<string, unknown>;
      assertEquals([imageSize, kernel, fit, mean], [384, "nearest", "stretch", [0.5, 0.5, 0.5]]);
    });
    const { message } = await assertRejects(() => load("/nowhere/network.onnx"), Error);
    assert(message.includes("encoder.mean"), message);
  },
});
