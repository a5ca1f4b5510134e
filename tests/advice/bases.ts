import { decoderLayers } from "../../lib/interchange/keras/decoder_layers.ts";
import { kerasH5 } from "../../lib/interchange/keras/write_h5.ts";
import { createDecoder, mergeSettings } from "../../lib/models/mod.ts";
import { KerasTokenizer } from "../../lib/text/mod.ts";
import { run } from "./task.ts";

/** A config that trains in a second. */
export const TINY = {
  name: "tiny",
  dataset: { kind: "shapes", train: 40, dev: 10, test: 10, size: 32 },
  encoder: { kind: "shapes_cnn", shardSize: 16, batchSize: 8 },
  model: { kind: "merge", embedding: 4, units: 4, dense: 4 },
  text: { minCount: 1 },
  training: { epochs: 2, batchSize: 32, learningRate: 0.01 },
};

/** Photos of one's own, for configs of the kind `folder`. */
export const OWN = {
  ...TINY,
  name: "own",
  dataset: { kind: "folder", source: "own", maxRejected: 0 },
};

/** Working folders from which cases begin. */
export const BASES = {
  /** Two configs, and photos of which nothing is prepared. */
  async photos() {
    await Deno.writeTextFile("tiny.json", JSON.stringify(TINY));
    await Deno.writeTextFile("own.json", JSON.stringify(OWN));
    await Deno.mkdir("own");
    const { default: sharp } = await import("sharp");
    const captions: Record<string, string[]> = {};
    for (let i = 0; i < 20; i++) {
      const background = { r: 12 * i, g: 40, b: 90 };
      await sharp({ create: { width: 32, height: 32, channels: 3, background } })
        .jpeg().toFile(`own/${i}.jpg`);
      captions[`${i}.jpg`] = ["a plain colour", "one colour"];
    }
    await Deno.writeTextFile("own/captions.json", JSON.stringify(captions));
  },

  /** A trained run, and what it was made of. */
  async trained() {
    await Deno.writeTextFile("tiny.json", JSON.stringify(TINY));
    await succeeds("train", "--config=tiny.json");
  },

  /** A run of one's own photos. */
  async trainedOwn() {
    await BASES.photos();
    await succeeds("train", "--config=own.json");
  },

  /** A Keras project, and the run that was imported from it. */
  async imported() {
    await Deno.writeTextFile("tiny.json", JSON.stringify(TINY));
    const keras = new KerasTokenizer();
    keras.fitOnTexts(["startseq a red circle on grass endseq"]);
    const settings = mergeSettings.parse({ kind: "merge", embedding: 3, units: 4, dense: 4 });
    const inputs = { vocabularySize: keras.wordIndex.size + 1, featureShape: [160] };
    const weights = createDecoder(settings, inputs).initialWeights(1);
    const spec = decoderLayers(settings, inputs, { length: 5 });
    await Deno.writeFile("my model.h5", await kerasH5(spec, weights));
    await Deno.writeTextFile("words.json", JSON.stringify(Object.fromEntries(keras.wordIndex)));
    await succeeds(
      "import",
      "my model.h5",
      "words.json",
      "--name=mine",
      "--encoder.kind=shapes_cnn",
    );
    await succeeds("prepare", "--config=tiny.json");
  },
};

async function succeeds(name: string, ...args: string[]): Promise<void> {
  const { code, err } = await run(name, ...args);
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${err}`);
}
