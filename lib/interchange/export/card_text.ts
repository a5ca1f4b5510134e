import { architectures, type Preprocessing } from "../../encoders/mod.ts";
import { layerKind, layerShape } from "../../plots/mod.ts";
import { codeSpan, plainText, table } from "./markdown.ts";
import type { ModelCard } from "./model_card.ts";
import { searchText } from "./search_text.ts";

type LayersModel = NonNullable<ModelCard["decoder"]["layersModel"]>;

/** A `README.md` for people: what it is, what goes in, what comes out, how to use it. */
export function cardText(card: ModelCard, usage: string): string {
  const { name, description, encoder, decoder, vocabulary, decoding } = card;
  const rows = [
    ...encoderRows(encoder),
    ["decoder", decoder.kind],
    ...(decoder.layersModel === undefined ? [] : layersRows(decoder.layersModel)),
    [
      "vocabulary",
      `${vocabulary.size} indices: 0 pads, ${decoding.start} starts a caption, ` +
      `${decoding.end} ends it`,
    ],
    [
      "captions",
      [
        `up to ${decoding.maxLength} words; here ${searchText(decoding)}`,
        ...decoding.forbidden.length > 0
          ? [`never the indices ${decoding.forbidden.join(", ")}`]
          : [],
      ].join(", "),
    ],
  ];
  return [
    `# ${plainText(name)}`,
    "A caption generator, exported by Showtell.",
    ...(description === "" ? [] : [plainText(description)]),
    table(["", ""], rows),
    "## Decoder",
    `![${decoder.kind}](${decoder.diagram})`,
    layers(decoder.layers),
    "## Scores",
    scores(card),
    "## Use",
    usage,
    "## Licence",
    "The weights of the encoder, and the photos and captions that the decoder learnt from, have " +
    "licences of their own: look them up before you pass this on.",
  ].join("\n\n") + "\n";
}

/** What becomes of a photo before the decoder. */
function encoderRows({ kind, layer, featureShape, pixels }: ModelCard["encoder"]): string[][] {
  const feature = shape([null, ...featureShape]);
  if (pixels === undefined) {
    return [[
      "feature",
      `${feature} of each photo, made elsewhere: by the encoder that the decoder was trained with, ` +
      "which does not go along",
    ]];
  }
  const { size, fit, kernel } = pixels;
  return [
    [
      "photo",
      `${size} × ${size} pixels, ${fit === "crop" ? "its middle square" : "stretched"} ` +
      `(${kernel}), ${pixelSentence(architectures[kind].preprocessing)}`,
    ],
    ["encoder", `${kind}, output of the layer ${codeSpan(layer!)}: ${feature}`],
  ];
}

/** What goes into the model of Keras' or TF.js' layers, and what comes out. */
function layersRows(
  { model, inputs, output, featureScale, paddingSide }: LayersModel,
): string[][] {
  const names = inputs.map(({ name }) => `\`${name}\``).join(", ");
  const length = inputs[1].shape[1];
  return [
    [`\`${model}\``, `${names} → ${output.is} ${shape(output.shape)}`],
    ["its feature", scaleSentence(featureScale)],
    [
      "its words",
      length === null
        ? "indices of the words so far, any number, not padded: a 0 would be read as a word"
        : `indices of the words so far, padded with 0 to ${length}, ` +
          paddingSentence(paddingSide),
    ],
  ];
}

/** The decoder's layers, with the sum of their parameters. */
function layers(all: ModelCard["decoder"]["layers"]): string {
  const number = (parameters: number) => parameters.toLocaleString("en");
  const rows = all.map((layer) => [
    codeSpan(layer.name),
    layerKind(layer),
    layerShape(layer),
    number(layer.parameters) + (layer.isFrozen ? " (frozen)" : ""),
  ]);
  const total = all.reduce((sum, { parameters }) => sum + parameters, 0);
  return table(["layer", "kind", "output", "parameters"], [...rows, ["", "", "", number(total)]]);
}

function scores({ evaluations }: ModelCard): string {
  const rows = Object.entries(evaluations).flatMap(([name, { photos, scores, signature }]) => [[
    `${plainText(name)}, ${photos} photos`,
    Object.entries(scores).map(([score, value]) =>
      `${plainText(score)} ${Number(value.toFixed(4))}`
    )
      .join(", "),
    codeSpan(signature),
  ]]);
  if (rows.length === 0) return "It was not evaluated.";
  return table(["on", "scores", "as"], rows);
}

function pixelSentence({ name, order, divisor, shift }: Preprocessing): string {
  const letters = order.map((channel) => "RGB"[channel]).join("");
  const scaled = divisor === 1 ? "" : `divided by ${divisor}, `;
  const mode = ["caffe", "tf"].includes(name) ? ` (Keras' mode "${name}")` : "";
  return `channels ${letters}, ${scaled}less ${shift.join(", ")}${mode}`;
}

function scaleSentence(scale: LayersModel["featureScale"]): string {
  if (scale === "l2") return "scaled to length 1 before it goes in";
  if (scale === "meanSquare") return "scaled to mean square 1 before it goes in";
  return "goes in as the encoder gives it";
}

function shape(sides: (number | null)[]): string {
  return `[${sides.map((side) => side ?? "–").join(", ")}]`;
}

function paddingSentence(side: LayersModel["paddingSide"]): string {
  if (side === undefined) return "in front or behind";
  return `${side === "front" ? "in front" : "behind"}: the decoder reads the padding too`;
}
