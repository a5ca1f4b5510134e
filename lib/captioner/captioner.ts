import * as tf from "@tensorflow/tfjs";
import {
  beamSearchAsync,
  type DecodingSettings,
  type SearchListener,
  type WordReading,
  wordReading,
} from "../decoding/mod.ts";
import { type CaptionDecoder, markersOf } from "../models/mod.ts";
import type { Weights } from "../nn/mod.ts";
import type { Tokenizer } from "../text/mod.ts";
import { type Captions, readableCaptions } from "./captions.ts";

/** Inputs of a {@linkcode Captioner}. */
export interface CaptionerParts {
  /** The network. */
  decoder: CaptionDecoder;
  /** Its weights; only those that it has are taken. */
  weights: Weights;
  /** Its words. */
  tokenizer: Tokenizer;
  /** Shape of one photo's feature. */
  featureShape: readonly number[];
  /** How captions are decoded by default. */
  decoding: DecodingSettings;
}

/** A trained decoder with its words: features → captions. Runs wherever TF.js does. */
export class Captioner {
  /** Words of the vocabulary, markers and padding included. */
  readonly tokenizer: Tokenizer;
  /** How captions are decoded by default. */
  readonly decoding: DecodingSettings;
  readonly #decoder: CaptionDecoder;
  readonly #featureShape: number[];
  readonly #weights = new Map<string, tf.Tensor>();

  /**
   * Puts the weights onto TF.js' backend, until `dispose`.
   *
   * @throws {RangeError} if a weight of the decoder is missing
   */
  constructor({ decoder, weights, tokenizer, featureShape, decoding }: CaptionerParts) {
    this.tokenizer = tokenizer;
    this.decoding = decoding;
    this.#decoder = decoder;
    this.#featureShape = [...featureShape];
    for (const name of decoder.weightShapes.keys()) {
      const weight = weights.get(name);
      if (weight === undefined) throw new RangeError(`The weights lack ${name}`);
      this.#weights.set(name, tf.tensor(weight.data, weight.shape));
    }
  }

  /** One sentence on what decoding costs beyond a step a word; undefined where nothing. */
  get decodingCost(): string | undefined {
    return this.#decoder.decodingCost;
  }

  /**
   * Captions of photos given by their features, `settings.batchSize` photos at a time; between
   * words it yields to the event loop.
   *
   * @param features [photos, ...featureShape]
   * @throws {RangeError} if the number of values does not fit the photos
   */
  async captionFeatures(
    features: Float32Array,
    photos: number,
    settings: DecodingSettings = this.decoding,
    { signal, onWord, isUnwanted, keyOf }: SearchListener = {},
  ): Promise<Captions[]> {
    const size = this.#checkSize(features, photos);
    const markers = markersOf(this.tokenizer, settings.forbidMarkers);
    const captions: Captions[] = [];
    for (let from = 0; from < photos; from += settings.batchSize) {
      const count = Math.min(settings.batchSize, photos - from);
      const part = features.subarray(from * size, (from + count) * size);
      const tensor = tf.tensor(part, [count, ...this.#featureShape]);
      try {
        const decoded = await beamSearchAsync(
          this.#decoder,
          this.#weights,
          tensor,
          markers,
          settings,
          {
            signal,
            onWord: onWord && ((photo, ...word) => onWord(from + photo, ...word)),
            isUnwanted: isUnwanted && ((photo) => isUnwanted(from + photo)),
            keyOf: (photo) => keyOf?.(from + photo) ?? `${from + photo}`,
          },
        );
        for (const found of decoded) captions.push(readableCaptions(found, this.tokenizer));
      } finally {
        tensor.dispose();
      }
    }
    return captions;
  }

  /**
   * How the decoder reads one caption with each of several photos.
   *
   * @param features [photos, ...featureShape]
   * @param words as they stand in the vocabulary
   * @throws {RangeError} naming the first word that the vocabulary lacks, or if there is none
   */
  async readCaption(
    features: Float32Array,
    photos: number,
    words: readonly string[],
  ): Promise<WordReading> {
    this.#checkSize(features, photos);
    if (words.length === 0) throw new RangeError("There is no word to look for");
    const indices = words.map((word) => this.#indexOf(word));
    const markers = markersOf(this.tokenizer, this.decoding.forbidMarkers);
    const tensor = tf.tensor(features, [photos, ...this.#featureShape]);
    try {
      return await wordReading(this.#decoder, this.#weights, tensor, indices, markers);
    } finally {
      tensor.dispose();
    }
  }

  /** Frees the weights. */
  dispose(): void {
    tf.dispose([...this.#weights.values()]);
  }

  #indexOf(word: string): number {
    const index = this.tokenizer.index(word);
    if (index !== undefined && !this.tokenizer.markerIndices.includes(index)) return index;
    throw new RangeError(`"${word}" is not a word of the run's vocabulary`);
  }

  /** @returns numbers of one feature */
  #checkSize(features: Float32Array, photos: number): number {
    const size = this.#featureShape.reduce((product, length) => product * length, 1);
    if (features.length === photos * size) return size;
    throw new RangeError(
      `${photos} features of the shape [${this.#featureShape}] are ${photos * size} numbers, ` +
        `not ${features.length}`,
    );
  }
}
