import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { Config } from "../config/mod.ts";
import { beamSearch, type DecodedCaption, type DecodingSettings } from "../decoding/mod.ts";
import { createEncoder, type Encoder } from "../encoders/mod.ts";
import { decodePhoto } from "../images/mod.ts";
import { createDecoder, type Decoder, markersOf } from "../models/mod.ts";
import type { Engine } from "../engine/mod.ts";
import { joinWords, type Tokenizer, tokenizerFromJson } from "../text/mod.ts";
import { readCheckpointWeights } from "../training/mod.ts";
import type { Listener } from "../listener/mod.ts";

/** A caption of a photo, as people and programs read it. */
export interface Caption {
  /** The words with spaces between, where their script has spaces. */
  caption: string;
  /** Natural log of its probability. */
  logProbability: number;
  /** Each word with its probability given those before it. */
  words: { word: string; probability: number }[];
}

/** The captions of a photo: the best one, and the others that the beam held. */
export interface Captions extends Caption {
  /** Best first. */
  alternatives: { caption: string; logProbability: number }[];
}

/** What a captioner is made of. */
export interface CaptionerParts extends Pick<Listener, "say"> {
  /** The run's config. */
  config: Config;
  /** The run's tokenizer. */
  tokenizer: Tokenizer;
  /** Shape of one feature. */
  featureShape: number[];
  /** What decided the features' values in training; null where they were made elsewhere. */
  encoderKey: string | null;
  /** Path of the checkpoint. */
  checkpoint: string;
}

/** A trained run, loaded once: photo → captions. */
export class Captioner {
  /** The run's config. */
  readonly config: Config;
  #parts: CaptionerParts;
  #engine: Engine;
  #decoder: Decoder;
  #weights: Map<string, tf.Tensor>;
  #encoder?: Promise<Encoder>;

  /**
   * Loads the checkpoint; the encoder waits until a photo comes.
   *
   * @throws {Error} if the checkpoint does not fit the config
   */
  constructor(parts: CaptionerParts, engine: Engine) {
    const { config, tokenizer, featureShape, checkpoint } = parts;
    this.config = config;
    this.#parts = parts;
    this.#engine = engine;
    this.#decoder = createDecoder(
      config.model,
      { vocabularySize: tokenizer.vocabularySize, featureShape },
      engine.fused,
    );
    const weights = readCheckpointWeights(checkpoint);
    for (const [name, shape] of this.#decoder.weightShapes) {
      const found = weights.get(name)?.shape;
      if (String(found) !== String(shape)) {
        throw new Error(
          `${checkpoint} is of another network: ${name} should be [${shape}], ` +
            (found ? `but is [${found}]` : "but is missing"),
        );
      }
    }
    this.#weights = new Map(
      [...this.#decoder.weightShapes.keys()].map((name) => {
        const { data, shape } = weights.get(name)!;
        return [name, tf.tensor(data, shape)];
      }),
    );
  }

  /** Words of the vocabulary, markers and padding included. */
  get tokenizer(): Tokenizer {
    return this.#parts.tokenizer;
  }

  /** What captioning costs beyond a step a word, in a sentence; undefined where nothing. */
  get decodingCost(): string | undefined {
    return this.#decoder.decodingCost;
  }

  /**
   * Captions of photos given by their features.
   *
   * @param features [photos, ...featureShape]
   */
  captionFeatures(
    features: Float32Array,
    photos: number,
    settings: DecodingSettings = this.config.decoding,
  ): Captions[] {
    const { tokenizer, featureShape } = this.#parts;
    const size = featureShape.reduce((product, length) => product * length, 1);
    const markers = markersOf(tokenizer, settings.forbidMarkers);
    const captions: Captions[] = [];
    for (let from = 0; from < photos; from += settings.batchSize) {
      const count = Math.min(settings.batchSize, photos - from);
      const part = features.subarray(from * size, (from + count) * size);
      const tensor = tf.tensor(part, [count, ...featureShape]);
      const decoded = beamSearch(this.#decoder, this.#weights, tensor, markers, settings);
      tensor.dispose();
      captions.push(...decoded.map((found) => this.#readable(found)));
    }
    return captions;
  }

  /**
   * Captions of photo files.
   *
   * @throws {UnreadablePhotoError} if one cannot be decoded
   * @throws {Error} if the encoder's weights are not those of the training
   */
  async captionPhotos(
    photos: (string | Uint8Array)[],
    settings: DecodingSettings = this.config.decoding,
  ): Promise<Captions[]> {
    const encoder = await (this.#encoder ??= this.#startEncoder());
    const pixels = await Promise.all(
      photos.map((photo) => decodePhoto(photo, this.config.encoder)),
    );
    const bytes = new Uint8Array(pixels.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const photo of pixels) {
      bytes.set(photo, offset);
      offset += photo.length;
    }
    const features = await encoder.encode(bytes, photos.length);
    return this.captionFeatures(features, photos.length, settings);
  }

  /** Frees weights and encoder. */
  async dispose(): Promise<void> {
    tf.dispose([...this.#weights.values()]);
    (await this.#encoder)?.dispose();
  }

  async #startEncoder(): Promise<Encoder> {
    const { weights, kind } = this.config.encoder;
    const { featureShape, encoderKey, say } = this.#parts;
    const encoder = await createEncoder(this.config.encoder, { fused: this.#engine.fused });
    if (encoderKey === null && String(encoder.featureShape) === String(featureShape)) {
      say?.(
        "The features of this run's training were made elsewhere: whether they are those of " +
          `${kind} with these weights (${weights}) cannot be checked`,
      );
    } else if (encoderKey === null) {
      encoder.dispose();
      throw new Error(
        `The encoder ${kind} gives features of the shape [${encoder.featureShape}], but this run ` +
          `was trained with [${featureShape}]: choose another by --encoder.kind= and --encoder.layer=`,
      );
    } else if (encoder.key !== encoderKey) {
      encoder.dispose();
      throw new Error(
        `The encoder's weights (${weights}) are not those that this run was ` +
          `trained with: it needs ${encoderKey}, found ${encoder.key}`,
      );
    }
    return encoder;
  }

  #readable(found: DecodedCaption[]): Captions {
    const text = ({ words }: DecodedCaption) => joinWords(this.tokenizer.decode(words));
    const [best, ...others] = found;
    return {
      caption: text(best),
      logProbability: best.logProbability,
      words: best.words.flatMap((index, i) =>
        // a marker that was emitted is no word
        this.tokenizer.decode([index]).map((word) => ({ word, probability: best.probabilities[i] }))
      ),
      alternatives: others.map((other) => ({
        caption: text(other),
        logProbability: other.logProbability,
      })),
    };
  }
}

/** The files of a run that captioning needs, put together by the stages. */
export async function readCaptionerParts(
  run: string,
  config: Config,
): Promise<CaptionerParts> {
  const read = async (name: string) => {
    try {
      return await Deno.readTextFile(join(run, name));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new Error(`The run in ${run} is not trained to its end (no ${name}): train it first`);
    }
  };
  const { featureShape, encoderKey } = JSON.parse(await read("training.json"));
  return {
    config,
    tokenizer: tokenizerFromJson(await read("tokenizer.json")),
    featureShape,
    encoderKey: /^(file|imported)-/.test(encoderKey) ? null : encoderKey,
    checkpoint: join(run, "checkpoints", "best.safetensors"),
  };
}
