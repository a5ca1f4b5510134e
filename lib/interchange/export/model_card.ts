import { type NetworkEncoder, networkOf } from "../../config/mod.ts";
import { architectures, isOnnx, type Preprocessing } from "../../encoders/mod.ts";
import type { ModelSettings } from "../../models/mod.ts";
import { decoderGraph } from "../decoder_graph.ts";
import { fitsLayersModel } from "../tfjs/decoder_model.ts";
import { WEB_FILES } from "./captioner_json.ts";
import { type ExportedRun, forbiddenWords, paddedLength } from "./exported_run.ts";

/** A picture of the decoder's layers. */
export const DIAGRAM = "decoder.svg";

/** The format of an export. */
export type ExportFormat = "keras" | "h5" | "tfjs";

/** Version of the card's layout. */
const FORMAT = "showtell-card-2";

/**
 * What a program has to know of an exported run (`card.json`): files, inputs, preprocessing,
 * decoding, scores.
 *
 * @param withEncoder whether the encoder's network lies beside
 */
export function modelCard(run: ExportedRun, format: ExportFormat, withEncoder: boolean) {
  const web = format === "tfjs";
  const layers = !web || fitsLayersModel(run.model);
  return {
    format: FORMAT,
    name: run.name,
    description: run.description,
    captioner: web ? { script: "captioner.js", settings: "captioner.json" } : undefined,
    encoder: encoderCard(run, withEncoder),
    decoder: {
      kind: run.model.kind,
      diagram: DIAGRAM,
      layers: decoderGraph(run),
      layersModel: layers
        ? layersCard(run, web ? "decoder/model.json" : `decoder.${format}`, web)
        : undefined,
    },
    vocabulary: {
      keras: layers ? web ? "vocabulary/tokenizer.json" : "tokenizer.json" : undefined,
      showtell: web ? WEB_FILES.tokenizer : undefined,
      size: run.tokenizer.vocabularySize,
    },
    decoding: decodingCard(run),
    evaluations: run.evaluations,
  };
}

/** What {@linkcode modelCard} gives. */
export type ModelCard = ReturnType<typeof modelCard>;

interface EncoderCard {
  /** Its network's file, where it goes along. */
  model?: string;
  /** Which network; `features`: they were made elsewhere. */
  kind: string;
  layer?: string;
  featureShape: number[];
  /** How photos reach it. */
  pixels?: PhotoPixels;
}

/** Photos as a network takes them: bytes to size × size, then channels in order, divided, less shift. */
type PhotoPixels =
  & Pick<NetworkEncoder, "fit" | "kernel">
  & Pick<Preprocessing, "order" | "divisor" | "shift">
  & { size: number };

function encoderCard({ encoder, featureShape }: ExportedRun, withEncoder: boolean): EncoderCard {
  if (encoder.kind === "features") return { kind: encoder.kind, featureShape };
  const network = networkOf(encoder);
  const { kind, layer, imageSize: size, fit, kernel } = network;
  if (isOnnx(network)) return { kind, layer, featureShape };
  const { order, divisor, shift } = architectures[kind].preprocessing;
  return {
    model: withEncoder ? WEB_FILES.encoder : undefined,
    kind,
    layer,
    featureShape,
    pixels: { size, fit, kernel, order, divisor, shift },
  };
}

/** The decoder as Keras or TF.js load it, made of their own layers. */
function layersCard(run: ExportedRun, file: string, web: boolean) {
  const { model, featureShape, tokenizer } = run;
  const padded = web && model.kind === "bilstm_dot" && model.attention === "weighted" &&
      model.softmaxOver !== null
    ? { positions: model.softmaxOver, width: 2 * model.units }
    : undefined;
  const inputs = [
    { name: "image_features", shape: [null, ...featureShape] },
    { name: "words", shape: [null, web ? null : paddedLength(run)] },
  ];
  if (padded) inputs.push({ name: "padding", shape: [null, null, padded.width] });
  return {
    model: file,
    inputs,
    output: { shape: [null, tokenizer.vocabularySize], is: "probabilities of the next word" },
    /** Done before the feature goes in: the TF.js layers model has no layer for it. */
    featureScale: web && "imageScale" in model ? model.imageScale : "none",
    /** What opens the file and gives the same captions. */
    needs: web ? undefined : kerasOf(model, file.endsWith(".keras")),
    /** Where words are padded, if it matters: the LSTM reads the padding too. */
    paddingSide: "padding" in model ? model.padding?.side : undefined,
    /** Positions that the input "padding" fills up with zeros. */
    places: padded?.positions,
  };
}

/** Keras 3 reads masks and hard_sigmoid of an older file in another way, and no initial states. */
function kerasOf(model: ModelSettings, isArchive: boolean): string {
  if (isArchive) return "Keras 3";
  const losesMask = model.kind === "par_inject" && model.padding === null;
  const isHard = "recurrentActivation" in model && model.recurrentActivation === "hard_sigmoid";
  return model.kind === "init_inject" || losesMask || isHard
    ? "Keras 2 (for Keras 3, export --format keras)"
    : "Keras 2 or 3";
}

function decodingCard(run: ExportedRun) {
  const { tokenizer: { start, end, padding }, decoding } = run;
  const { batchSize: _, forbidMarkers: _words, ...search } = decoding;
  return { start, end, padding, forbidden: forbiddenWords(run), ...search };
}
