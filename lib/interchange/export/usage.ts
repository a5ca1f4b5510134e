import type { Preprocessing } from "../../encoders/mod.ts";
import type { ModelCard } from "./model_card.ts";

/** How the decoder is used from Python; run by a test. */
export function kerasUsage({ decoder, decoding, vocabulary }: ModelCard): string {
  const length = decoder.inputs[1].shape[1];
  const zeros = `[0] * (${length} - len(caption))`;
  const padded = decoder.paddingSide === "front" ? `${zeros} + caption` : `caption + ${zeros}`;
  return `Needs ${decoder.model.endsWith(".keras") ? "Keras 3" : "Keras 2 or 3"}. ` +
    "`features` is what the encoder gives of one photo.\n\n" +
    block("python", [
      "import json, keras, numpy as np",
      `model = keras.models.load_model("${decoder.model}", compile=False)`,
      `config = json.load(open("${vocabulary.keras}"))["config"]`,
      'words = {int(i): word for i, word in json.loads(config["index_word"]).items()}',
      `caption = [${decoding.start}]`,
      `while len(caption) <= ${Math.min(decoding.maxLength, length!)}:`,
      `    padded = np.array([${padded}], "float32")`,
      "    p = np.array(model([features[None], padded]))[0]",
      ...(decoding.forbidden.length > 0
        ? [`    p[${JSON.stringify(decoding.forbidden)}] = 0`]
        : []),
      "    word = int(p.argmax())",
      `    if word in (${decoding.end}, ${decoding.padding}):`,
      "        break",
      "    caption.append(word)",
      'print(" ".join(words[word] for word in caption[1:]))',
    ]);
}

/** How everything is used in a page; run by a test. */
export function webUsage(
  { encoder, decoder, decoding, vocabulary }: ModelCard,
  { order, divisor, shift }: Preprocessing,
): string {
  const { size, fit } = encoder.pixels;
  const photo = fit === "crop" ? "image, cut to a square" : "image";
  const encoded = encoder.model === undefined
    ? ["// feature: what the encoder gives of one photo, from elsewhere"]
    : [
      `const encoder = await tf.loadLayersModel(folder + "${encoder.model}");`,
      `// image: an <img>, <video> or <canvas> element${fit === "crop" ? ", cut to a square" : ""}`,
      `let pixels = tf.image.resizeBilinear(tf.browser.fromPixels(image), [${size}, ${size}]);`,
      `pixels = tf.sub(tf.div(tf.gather(pixels, ${JSON.stringify(order)}, 2), ${divisor}), ` +
      `${JSON.stringify(shift)});`,
      "let feature = encoder.predict(tf.expandDims(pixels));",
    ];
  const scale = {
    none: [],
    l2: ["feature = tf.div(feature, tf.norm(feature));"],
    meanSquare: ["feature = tf.div(feature, tf.sqrt(tf.mean(tf.square(feature))));"],
  }[decoder.featureScale];
  const padding = decoder.places === undefined
    ? ""
    : `, tf.zeros([1, ${decoder.places} - caption.length, ${decoder.inputs[2].shape[2]}])`;
  const forbidden = decoding.forbidden.length > 0
    ? `.find(([, word]) => !${JSON.stringify(decoding.forbidden)}.includes(word))`
    : "[0]";
  return `With \`@tensorflow/tfjs\` 4 in the page as \`tf\`, and this folder on its server; ` +
    `\`${photo}\` is resized here by TF.js, which is close to how the encoder's photos were.\n\n` +
    block("js", [
      'const folder = "./";',
      ...encoded,
      ...scale,
      `const decoder = await tf.loadLayersModel(folder + "${decoder.model}");`,
      `const { config } = await (await fetch(folder + "${vocabulary.keras}")).json();`,
      "const words = JSON.parse(config.index_word);",
      `const caption = [${decoding.start}];`,
      `while (caption.length <= ${Math.min(decoding.maxLength, decoder.places ?? Infinity)}) {`,
      `  const next = decoder.predict([feature, tf.tensor2d([caption])${padding}]);`,
      "  const ranked = [...next.dataSync()].map((p, word) => [p, word]).sort((a, b) => b[0] - a[0]);",
      `  const [, word] = ranked${forbidden};`,
      `  if (word === ${decoding.end} || word === ${decoding.padding}) break;`,
      "  caption.push(word);",
      "}",
      'const text = caption.slice(1).map((word) => words[word]).join(" ");',
    ]);
}

function block(language: string, lines: string[]): string {
  return ["```" + language, ...lines, "```"].join("\n");
}
