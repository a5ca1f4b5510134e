import * as tf from "@tensorflow/tfjs";

/** A photo that is near another. */
export interface NearPhoto {
  /** Its row in the index. */
  row: number;
  /** Cosine of the angle between the two features, -1 to 1. */
  similarity: number;
}

/** Features of many photos, searched for the nearest ones by one matrix product. */
export class NearestFeatures implements Disposable {
  readonly #photos: tf.Tensor2D;

  /**
   * Puts the features onto TF.js' backend.
   *
   * @param features [photos, width], at least one photo; scaled to length 1 in place
   */
  constructor(features: Float32Array, width: number) {
    this.#photos = tf.tensor2d(normalise(features, width), [features.length / width, width]);
  }

  /** How many photos it holds. */
  get size(): number {
    return this.#photos.shape[0];
  }

  /**
   * For each of several features the nearest photos, nearest first.
   *
   * @param features [queries, width]
   * @param count photos of each; fewer where the index holds fewer
   */
  async find(features: Float32Array, count: number): Promise<NearPhoto[][]> {
    const width = this.#photos.shape[1];
    const found = tf.tidy(() => {
      const queries = tf.tensor2d(normalise(features.slice(), width), [
        features.length / width,
        width,
      ]);
      const cosines = tf.matMul(queries, this.#photos, false, true); // [queries, photos]
      return tf.topk(cosines, Math.min(count, this.size));
    });
    try {
      const [values, indices] = [await found.values.data(), await found.indices.data()];
      const kept = found.values.shape[1]!;
      return Array.from(
        { length: features.length / width },
        (_, query) =>
          Array.from({ length: kept }, (_, i) => ({
            row: indices[query * kept + i],
            // rounding may lead beyond
            similarity: Math.max(-1, Math.min(1, values[query * kept + i])),
          })),
      );
    } finally {
      tf.dispose([found.values, found.indices]);
    }
  }

  /** Frees the features. */
  [Symbol.dispose](): void {
    this.#photos.dispose();
  }
}

/** Scales each row to length 1, in place; a row of zeros stays. */
function normalise(features: Float32Array, width: number): Float32Array {
  for (let from = 0; from < features.length; from += width) {
    let squares = 0;
    for (let i = from; i < from + width; i++) squares += features[i] ** 2;
    if (squares === 0) continue;
    const scale = 1 / Math.sqrt(squares);
    for (let i = from; i < from + width; i++) features[i] *= scale;
  }
  return features;
}
