import { type Config, ConfigError, loadConfig } from "../config/mod.ts";
import { architectures } from "../encoders/mod.ts";
import type { ImportedModel } from "../interchange/mod.ts";
import type { Tokenizer } from "../text/mod.ts";
import { isTokenizerOption } from "./tokenizer_options.ts";

/** Inputs of a config that captions as a Keras project did. */
export interface ImportedParts {
  /** The decoder. */
  model: ImportedModel;
  /** Its words. */
  tokenizer: Tokenizer;
  /** File of features, if one came along. */
  features?: string;
  /** `encoder.kind=xception`: dotted keys and values, over what the files tell. */
  overrides: readonly string[];
  /** Of the run. */
  name: string;
}

/** The override of the order in which weights alone were joined; the weights have ours already. */
const ORDER = "model.order=";

/** Encoders by the width of their usual feature; of several the first is taken. */
const byWidth: Record<number, string[]> = {
  4096: ["vgg16"],
  1280: ["mobilenet_v2"],
  2048: ["xception", "inception_v3", "resnet50"],
};

/**
 * The config by which a Keras model captions as its notebook did: greedily, up to as many words as
 * its input takes, photos resized as `load_img` does.
 *
 * @param notes gets a sentence for each thing that was chosen
 * @throws {RangeError} if no encoder's feature has the model's width and none is named
 * @throws {ConfigError} naming the override that is wrong
 */
export async function importedConfig(
  { model, tokenizer, features, overrides, name }: ImportedParts,
  notes: string[],
): Promise<Config> {
  const { settings, longest, featureShape } = model;
  const fixed = overrides.find((override) =>
    /^(text|model)\./.test(override) && !isTokenizerOption(override) &&
    !model.untold.some((key) => override.startsWith(`model.${key}=`))
  );
  if (fixed !== undefined) {
    throw new ConfigError(`--${fixed}: what the files tell of text and model cannot be set`);
  }
  const asked = overrides.findLast((override) => override.startsWith("encoder.kind="));
  const kind = asked?.slice("encoder.kind=".length) ?? encoderOfWidth(featureShape, notes);
  if (longest === null) {
    notes.push(
      "The model does not tell how many words it takes: captions end after 34; " +
        "--decoding.maxLength= sets another number",
    );
  }
  const base = {
    name,
    description: "Imported from Keras; captions as the original does",
    dataset: { kind: "shapes" },
    encoder: {
      kind,
      kernel: "nearest",
      fit: "stretch",
      ...features === undefined ? {} : { features },
    },
    text: tokenizer.settings,
    model: settings,
    decoding: {
      beam: 1,
      lengthNormalisation: 0,
      maxLength: longest ?? 34,
      forbidMarkers: false,
    },
  };
  // The tokenizer and the weights were made by these already.
  const others = overrides.filter((override) =>
    !isTokenizerOption(override) && !override.startsWith(ORDER)
  );
  return await loadConfig({ base: base as unknown as Config, overrides: others });
}

function encoderOfWidth(featureShape: readonly number[], notes: string[]): string {
  const [width] = featureShape;
  const kinds = featureShape.length === 1
    ? (byWidth[width] ?? []).filter((kind) => Object.hasOwn(architectures, kind))
    : [];
  if (kinds.length === 0) {
    throw new RangeError(
      `No encoder's usual feature has the model's shape [${featureShape.join(", ")}]: name the ` +
        "encoder by --encoder.kind= and --encoder.layer=",
    );
  }
  const [kind, ...others] = kinds;
  const { defaultLayer, defaultImageSize } = architectures[kind];
  notes.push(
    `Photos are encoded by ${kind}, layer ${defaultLayer}, ${defaultImageSize} pixels a side, since ` +
      `the model takes ${width} numbers` +
      (others.length === 0
        ? ""
        : `; so do those of ${others.join(" and ")}: --encoder.kind= chooses`),
  );
  return kind;
}
