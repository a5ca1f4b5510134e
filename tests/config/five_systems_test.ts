/** The configs that reproduce the five published systems, against their published figures. */
import { type Config, loadConfig, networkOf } from "../../lib/config/mod.ts";
import { architectures, buildModel } from "../../lib/encoders/mod.ts";
import { createDecoder, parameterCount } from "../../lib/models/mod.ts";
import { assert, assertEquals, assertRejects } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "env");

/** Vocabulary with padding, decoder parameters. */
const published: Record<string, [vocabulary: number, parameters: number]> = {
  open_images_200k: [15_817, 18_180_297],
  flickr8k_callbacks: [8_829, 6_169_213],
  flickr8k_split90: [8_483, 5_991_715],
  flickr8k_xception: [7_311, 4_866_191],
  flickr8k_bilstm: [8_768, 7_844_928],
  flickr8k_bilstm_mobilenet_v2: [8_768, 7_124_032],
};

/** Shape of the feature of the config's encoder. */
function featureShape({ encoder }: Config): number[] {
  const { kind, layer, imageSize } = networkOf(encoder);
  const model = buildModel(architectures[kind], layer, imageSize);
  const shape = (model.outputs[0].shape as number[]).slice(1);
  model.dispose();
  return shape;
}

for (const [name, [vocabularySize, parameters]] of Object.entries(published)) {
  Deno.test({
    name:
      `configs/${name}.jsonc with the published vocabulary has the published ${parameters} parameters`,
    ignore,
    async fn() {
      for (const published of [false, true]) {
        const config = await loadConfig({ file: name, published });
        const inputs = { vocabularySize, featureShape: featureShape(config) };
        assertEquals(parameterCount(createDecoder(config.model, inputs)), parameters);
      }
    },
  });

  Deno.test({
    name: `configs/${name}.jsonc has its known faults only with --published`,
    ignore,
    async fn() {
      const file = name;
      const config = await loadConfig({ file });
      assertEquals(config.text.fitOn, "train");
      assertEquals(config.evaluation.bleu.countMarkers, false);
      assertEquals(config.training.epochWords, null);
      const said: string[] = [];
      const say = (line: string) => void said.push(line);
      const back = await loadConfig({ file, published: true, say });
      assert(said.length > 1 && said.slice(1).every((line) => /^ {2}[\w.]+=\S/.test(line)), file);
      assertEquals(back.name, `${name}_published`);
      assertEquals(back.evaluation.bleu.countMarkers, true);
      assertEquals(back.decoding.beam, 1);
      const named = await loadConfig({
        file,
        published: true,
        name: "other",
        overrides: ["decoding.beam=2"],
      });
      assertEquals([named.name, named.decoding.beam], ["other", 2]);
    },
  });
}

Deno.test({
  name: "loadConfig() with published rejects a config that does not reproduce a published system",
  ignore,
  async fn() {
    await assertRejects(
      () => loadConfig({ published: true }),
      Error,
      "configs/shapes.jsonc does not reproduce a published system: leave out --published",
    );
  },
});
