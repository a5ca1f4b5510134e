import type * as tf from "@tensorflow/tfjs";
import {
  type DenseLayer,
  type FusedOps,
  initialWeights,
  type Layer,
  type Weights,
  weightShapes,
  type WeightTensors,
} from "../nn/mod.ts";
import type { Random } from "../random/mod.ts";
import type { CaptionBatch } from "./caption_batch.ts";
import type {
  AddLoss,
  Decoder,
  DecoderInputs,
  DecoderStart,
  DecoderState,
  DecoderStep,
  LookedAt,
} from "./decoder.ts";

/** What decoders made of layers have alike: weights and output layer. */
export abstract class LayeredDecoder<
  Layers extends { [Name in keyof Layers]: Layer | undefined } & {
    embedding: Layer;
    output: DenseLayer;
  },
> implements Decoder {
  abstract readonly kind: string;
  readonly vocabularySize: number;
  readonly weightShapes: ReadonlyMap<string, number[]>;
  readonly frozen: ReadonlySet<string>;
  readonly fused?: FusedOps;
  /** Its layers by name, in Keras' order; undefined where the settings have none. */
  protected readonly layers: Layers;

  /** @param trainEmbedding whether training changes the embedding */
  constructor(
    layers: Layers,
    { vocabularySize }: DecoderInputs,
    { trainEmbedding }: { trainEmbedding: boolean },
    fused?: FusedOps,
  ) {
    this.layers = layers;
    this.vocabularySize = vocabularySize;
    this.weightShapes = weightShapes(this.#all());
    this.frozen = new Set(trainEmbedding ? [] : layers.embedding.weights.keys());
    this.fused = fused;
  }

  initialWeights(seed: number): Weights {
    return initialWeights(this.#all(), seed);
  }

  head(weights: WeightTensors): { kernel: tf.Tensor2D; bias: tf.Tensor1D } {
    return this.layers.output.arrays(weights);
  }

  penalty(_weights: WeightTensors): tf.Scalar | undefined {
    return undefined;
  }

  abstract activations(words: number): number;
  abstract forward(
    weights: WeightTensors,
    batch: CaptionBatch,
    dropout?: Random,
    addLoss?: AddLoss,
  ): tf.Tensor2D;
  abstract start(weights: WeightTensors, features: tf.Tensor): DecoderStart;
  abstract step(
    weights: WeightTensors,
    before: DecoderState,
    words: tf.Tensor1D,
    seen: LookedAt,
  ): DecoderStep;

  #all(): Layer[] {
    const all: (Layer | undefined)[] = Object.values(this.layers);
    return all.filter((layer) => layer !== undefined);
  }
}
