import { type ConfigEncoder, networkOf } from "../config/mod.ts";
import {
  type Architecture,
  architectures,
  featureShapeOf,
  layersOfShape,
} from "../encoders/mod.ts";
import { shapeText } from "./check_features.ts";

/** Well-known encoders that are not among ours, by the numbers they give of a photo. */
const FOREIGN: Record<number, string> = {
  512: "VGG16 with pooling, ResNet18 and CLIP",
  768: "ViT-B",
  1024: "MobileNet, DenseNet121 and ViT-L",
  1056: "NASNetMobile",
  1280: "EfficientNet-B0 and EfficientNetV2",
  1408: "EfficientNet-B2",
  1536: "InceptionResNetV2 and EfficientNet-B3",
  1664: "DenseNet169",
  1792: "EfficientNet-B4",
  1920: "DenseNet201",
  2048: "ResNet101, ResNet152 and EfficientNet-B5",
  2304: "EfficientNet-B6",
  2560: "EfficientNet-B7",
  4032: "NASNetLarge",
  4096: "VGG19 and AlexNet",
};

/**
 * The encoder that is taken for a Keras model which does not tell its own: the first of ours whose
 * usual feature has the shape that the model takes, otherwise none: features come from a file.
 */
export function chosenEncoder(featureShape: readonly number[]): string {
  return fitting(featureShape)[0]?.kind ?? "features";
}

/**
 * What becomes of photos in an imported run, a sentence each: by which encoder, why, and how another
 * is set.
 *
 * @param asked whether the encoder's kind was given
 */
export function encoderNotes(
  encoder: ConfigEncoder,
  featureShape: readonly number[],
  asked: boolean,
): string[] {
  if (encoder.kind === "features") return [fileNote(encoder.features, featureShape, asked)];
  const { kind, layer, imageSize, features } = networkOf(encoder);
  const others = fitting(featureShape).filter((other) => other.kind !== kind);
  const note = `Photos are encoded by ${kind}, layer ${layer}, ${imageSize} pixels a side` +
    (asked ? ", as asked" : since(featureShape, others.map((other) => other.kind)));
  if (features === undefined) return [note];
  return [
    note,
    `Training and evaluation take the features in ${features}; whether ${kind} gives the same ` +
    "cannot be checked",
  ];
}

function since(featureShape: readonly number[], others: string[]): string {
  const foreign = foreignEncoders(featureShape);
  return `, since ${taken(featureShape)}` +
    (others.length === 0
      ? ""
      : `; so do those of ${others.join(" and ")}: --encoder.kind= chooses`) +
    (foreign === undefined
      ? ""
      : `; ${foreign} give as many, and photos cannot be encoded by these here: if one of them made ` +
        "the model's features, set --encoder.kind=features, which takes them from a file");
}

function fileNote(
  file: string | undefined,
  featureShape: readonly number[],
  asked: boolean,
): string {
  const foreign = foreignEncoders(featureShape);
  const layers = asked
    ? []
    : publicEncoders().flatMap((architecture) =>
      layersOfShape(architecture, featureShape).slice(-1)
        .map((layer) => `--encoder.kind=${architecture.kind} --encoder.layer=${layer}`)
    );
  const why = asked
    ? "as asked"
    : `since ${taken(featureShape)}, which no encoder here usually gives` +
      (foreign === undefined ? "" : ` (${foreign} ${foreign.includes(" and ") ? "do" : "does"})`);
  return `The run cannot read photos, ${why}: it captions those that a file has features of by name, ` +
    (file ?? "--encoder.features=FILE") +
    (layers.length === 0 ? "" : `; ${layers.join(" or ")} reads photos, if that made the features`);
}

function taken(shape: readonly number[]): string {
  return shape.length === 1
    ? `the model takes ${shape[0]} numbers`
    : `the model takes features of the shape ${shapeText(shape)}`;
}

function foreignEncoders(shape: readonly number[]): string | undefined {
  return shape.length === 1 ? FOREIGN[shape[0]] : undefined;
}

function fitting(featureShape: readonly number[]): Architecture[] {
  return publicEncoders().filter((architecture) =>
    String(featureShapeOf(architecture)) === String(featureShape)
  );
}

/** Encoders that Keras projects use, since keras.applications has them. */
function publicEncoders(): Architecture[] {
  return Object.values(architectures).filter(({ official }) => official !== undefined);
}
