import type { ModelCard } from "./model_card.ts";

/** How the decoder is opened in Python, and asked for one word; run by a test. */
export function kerasUsage(
  { decoder: { layersModel }, decoding, vocabulary }: ModelCard,
): string {
  const { model, inputs, needs, paddingSide } = layersModel!; // Keras has nothing else
  const length = inputs[1].shape[1];
  const zeros = `[0] * (${length} - len(caption))`;
  const padded = paddingSide === "front" ? `${zeros} + caption` : `caption + ${zeros}`;
  return `Needs ${needs}. ` +
    "`features` is what the encoder gives of one photo.\n\n" +
    block("python", [
      "import json, keras, numpy as np",
      `model = keras.models.load_model("${model}", compile=False)`,
      `config = json.load(open("${vocabulary.keras}"))["config"]`,
      'words = {int(i): word for i, word in json.loads(config["index_word"]).items()}',
      `caption = [${decoding.start}]  # the words so far`,
      `padded = np.array([${padded}], "float32")`,
      "probabilities = np.array(model([features[None], padded]))[0]  # of the next word",
      "print(words[int(probabilities.argmax())])",
    ]);
}

/** How a page captions photos, or features from elsewhere; run by a test. */
export function webUsage({ encoder }: ModelCard): string {
  const call = encoder.model === undefined
    ? [
      "// features: a Float32Array of what the encoder gives of one photo, from elsewhere",
      "const [{ caption, words, alternatives }] = await captioner.captionFeatures(features, 1);",
    ]
    : [
      "// image: an <img>, <video> or <canvas> element",
      "const { caption, words, alternatives } = await captioner.captionPhoto(image);",
    ];
  return "With this folder on the page's server, and TF.js 4 beside it: `dist/tf.fesm.min.js` of " +
    "the package `@tensorflow/tfjs`.\n\n" +
    block("html", [
      '<script type="importmap">',
      '{ "imports": { "@tensorflow/tfjs": "./tf.fesm.min.js" } }',
      "</script>",
    ]) + "\n\n" +
    block("js", [
      'import { loadCaptioner } from "./captioner.js";',
      "",
      "const captioner = await loadCaptioner(); // the files beside captioner.js",
      ...call,
    ]);
}

function block(language: string, lines: string[]): string {
  return ["```" + language, ...lines, "```"].join("\n");
}
