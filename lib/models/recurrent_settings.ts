import { z } from "zod";
import { dropoutRate } from "./dropout_rate.ts";
import { imageActivation, imageScale } from "./image_layer.ts";
import type { ImageActivation, ImageScale } from "./image_layer.ts";
import type { Padding } from "./padded_words.ts";
import { steps, width } from "./widths.ts";

/** Settings of the decoders whose recurrent layers read one word after the other. */
export interface RecurrentSettings {
  /** Width of a word's embedding. @default {256} */
  embedding: number;
  /** Whether training changes the embedding. @default {true} */
  trainEmbedding: boolean;
  /** The recurrent layers' cell. @default {"lstm"} */
  cell: "lstm" | "gru";
  /** How many recurrent layers, each reading the outputs of the one before. @default {1} */
  layers: number;
  /** Width of each recurrent layer. */
  units: number;
  /** What opens and closes the gates. @default {"sigmoid"} */
  recurrentActivation: "sigmoid" | "hard_sigmoid";
  /** Whether a GRU's reset gate acts after the product with the recurrent kernel. @default {true} */
  resetAfter: boolean;
  /** Dropout on the photo's feature, in [0, 1). @default {0.5} */
  imageDropout: number;
  /** Dropout on the words' embeddings. */
  wordDropout: number;
  /** Dropout between two recurrent layers. @default {0} */
  layerDropout: number;
  /** Dropout on the outputs of the last recurrent layer. */
  outputDropout: number;
  /** Scale of a photo's vector. */
  imageScale: ImageScale;
  /** Activation of the photo's projection. */
  imageActivation: ImageActivation;
  /**
   * How prefixes are padded where the recurrent layers read the padding too; null: words alone.
   *
   * @default {null}
   */
  padding: Padding | null;
}

/** The setting of decoders that freeze their embedding if asked to. */
export const trainEmbedding: z.ZodDefault<z.ZodBoolean> = z.boolean().default(true).describe(
  "whether training changes the embedding; false: it stays as it is",
);

/** What differs between the decoders. */
interface Defaults extends
  Pick<
    RecurrentSettings,
    "units" | "wordDropout" | "outputDropout" | "imageScale" | "imageActivation"
  > {
  /** Described with `units`. */
  unitsOf: string;
}

/** The fields of {@linkcode RecurrentSettings}. */
export function recurrentFields(defaults: Defaults) {
  return {
    embedding: width.default(256).describe("width of a word's embedding"),
    trainEmbedding,
    cell: z.enum(["lstm", "gru"]).default("lstm").describe("the recurrent layers' cell"),
    layers: z.int().min(1).max(64).default(1).describe(
      "recurrent layers, each reading the outputs of the one before",
    ),
    units: width.default(defaults.units).describe(defaults.unitsOf),
    recurrentActivation: z.enum(["sigmoid", "hard_sigmoid"]).default("sigmoid").describe(
      "the gates: sigmoid, or hard_sigmoid, min(1, max(0, 0.2 x + 0.5)), Keras' default before 2.3",
    ),
    resetAfter: z.boolean().default(true).describe(
      "of cell gru: the reset gate acts after the product with the recurrent kernel, as in " +
        "TensorFlow 2; false: before it, Keras' default until then",
    ),
    imageDropout: dropoutRate.default(0.5).describe("dropout on the photo's feature"),
    wordDropout: dropoutRate.default(defaults.wordDropout).describe(
      "dropout on the words' embeddings",
    ),
    layerDropout: dropoutRate.default(0).describe("dropout between two recurrent layers"),
    outputDropout: dropoutRate.default(defaults.outputDropout).describe(
      "dropout on the outputs of the last recurrent layer",
    ),
    imageScale: imageScale(defaults.imageScale),
    imageActivation: imageActivation(defaults.imageActivation),
    padding: z.strictObject({
      positions: steps.describe("positions that every prefix is padded or cut to"),
      side: z.enum(["front", "back"]).describe("where the padding stands"),
    }).nullable().default(null).describe(
      "null: the recurrent layers read words alone; otherwise padding too, as in a Keras model " +
        "whose embedding does not mask it (mask_zero=False), which has to read every prefix on its own",
    ),
  };
}

/** Width of the photo's projection where it may differ from that of the recurrent layers. */
export const imageUnits: z.ZodDefault<z.ZodNullable<z.ZodInt>> = width.nullable()
  .default(null).describe("width of the image's projection; null: units");

/** Width of a dense layer that a decoder can do without. */
export const optionalDense: z.ZodDefault<z.ZodNullable<z.ZodInt>> = width.nullable()
  .default(null).describe("width of a dense layer with ReLU before the softmax; null: none");

/** Refuses settings that the others leave without effect. */
export function checkRecurrent(
  { cell, resetAfter, layers, layerDropout }: RecurrentSettings,
  context: z.RefinementCtx,
): void {
  const refuse = (key: keyof RecurrentSettings, message: string) =>
    context.addIssue({ code: "custom", path: [key], message });
  if (cell === "lstm" && !resetAfter) {
    refuse("resetAfter", 'Only a GRU has a reset gate: set cell to "gru", or leave this out');
  }
  if (layers === 1 && layerDropout > 0) {
    refuse(
      "layerDropout",
      "One recurrent layer has none beside it: set layers to 2, or leave this out",
    );
  }
}
