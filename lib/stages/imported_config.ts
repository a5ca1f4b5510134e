import { type Config, ConfigError, loadConfig } from "../config/mod.ts";
import type { ImportedModel } from "../interchange/mod.ts";
import type { Tokenizer } from "../text/mod.ts";
import { checkFeatures, checkNetwork } from "./check_features.ts";
import { chosenEncoder, encoderNotes } from "./chosen_encoder.ts";
import { isTokenizerOption } from "./tokenizer_options.ts";

/** Inputs of a config that captions as a Keras project did. */
export interface ImportedParts {
  /** The decoder. */
  model: ImportedModel;
  /** Its file. */
  path: string;
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

/**
 * The config by which a Keras model captions as its notebook did: greedily, up to as many words as
 * its input takes, photos resized as `load_img` does.
 *
 * @param notes gets a sentence for each thing that was chosen
 * @throws {RangeError} if the features of the file or the encoder have another shape than the model's
 * @throws {ConfigError} naming the override that is wrong
 */
export async function importedConfig(
  { model, path, tokenizer, features, overrides, name }: ImportedParts,
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
  const kind = asked?.slice("encoder.kind=".length) ?? chosenEncoder(featureShape);
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
      ...kind === "features" ? {} : { kernel: "nearest", fit: "stretch" },
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
  const config = await loadConfig({ base: base as unknown as Config, overrides: others });
  const taker = { featureShape, name: `the model in ${path}` };
  const isOther = config.encoder.features !== features; // the file that came along is checked already
  if (isOther) await checkFeatures(config.encoder, taker);
  if (config.encoder.kind !== "features") checkNetwork(config.encoder, taker);
  notes.push(...encoderNotes(config.encoder, featureShape, asked !== undefined));
  return config;
}
