import type { CaptionRow, DatasetSummary } from "../../lib/datasets/mod.ts";
import { type FeatureReader, meanFeatures, NearestFeatures } from "../../lib/features/mod.ts";
import type { SeenPhotos } from "../../lib/run/mod.ts";
import type { PreparedData } from "../../lib/stages/mod.ts";
import { counted, type Tokenizer } from "../../lib/text/mod.ts";
import type { Neighbour } from "./caption_engine.ts";

/** Train features above this many bytes are not held. */
const MOST_BYTES = 1e9;

/** Train photos that are shown. */
const NEAREST = 5;

/** Photos whose features are read, or looked up, at once. */
const AT_ONCE = 256;

/** What a photo is like, as far as training tells. */
export interface Likeness {
  /** The nearest train photos, nearest first. */
  nearest: Neighbour[];
  /** Share of dev photos whose nearest train photo is nearer; null without dev photos. */
  novelty: number | null;
}

/** Why the train photos of a data set are not held for comparison; undefined where they are. */
export function trainingTooLarge(
  { splits }: Pick<DatasetSummary, "splits">,
  featureShape: readonly number[],
): string | undefined {
  const photos = splits.find(({ split }) => split === "train")?.photos ?? 0;
  const bytes = photos * featureShape.at(-1)! * Float32Array.BYTES_PER_ELEMENT;
  if (bytes <= MOST_BYTES) return undefined;
  return `Its ${counted(photos, "train photo")} are too many to compare a photo with: what is ` +
    "unlike training is not told.";
}

/** The photos and captions that a run was trained on, ready to be compared with. */
export class TrainingMemory implements Disposable {
  readonly #photos: NearestFeatures;
  readonly #featureShape: readonly number[];
  readonly #captions: readonly string[][];
  readonly #times: ReadonlyMap<string, number>;
  /** How similar to its nearest train photo each dev photo is, in ascending order. */
  readonly #dev: Float32Array;

  private constructor(
    photos: NearestFeatures,
    featureShape: readonly number[],
    captions: readonly string[][],
    times: ReadonlyMap<string, number>,
    dev: Float32Array,
  ) {
    this.#photos = photos;
    this.#featureShape = featureShape;
    this.#captions = captions;
    this.#times = times;
    this.#dev = dev;
  }

  /**
   * Reads captions and features; between some of them it yields to the event loop.
   *
   * @throws {Error} if no train photo has a feature any more
   */
  static async read(
    prepared: PreparedData,
    reader: FeatureReader,
    seen: SeenPhotos,
    tokenizer: Tokenizer,
  ): Promise<TrainingMemory> {
    const withFeature = ({ digest }: CaptionRow) => reader.has(digest);
    const train = (await prepared.captions("train")).filter(withFeature);
    const dev = (await prepared.captions("dev")).filter(withFeature);
    const trainedOn = seen.among(train);
    const rows = train.filter(({ digest }) => trainedOn.has(digest));
    if (rows.length === 0) throw new Error("No photo of the training has a feature any more");
    const captions = new Map<string, string[]>();
    const times = new Map<string, number>();
    for (const { digest, caption } of rows) {
      const written = captions.get(digest);
      if (written === undefined) captions.set(digest, [caption]);
      else written.push(caption);
      const words = textOf(tokenizer.clean(caption));
      times.set(words, (times.get(words) ?? 0) + 1);
    }
    const width = reader.featureShape.at(-1)!;
    const digests = [...captions.keys()];
    const features = new Float32Array(digests.length * width);
    for await (const [from, means] of meansOf(digests, reader)) features.set(means, from * width);
    const photos = new NearestFeatures(features, width);
    const devDigests = [...new Set(dev.map(({ digest }) => digest))];
    const similarities = new Float32Array(devDigests.length);
    for await (const [from, means] of meansOf(devDigests, reader)) {
      const found = await photos.find(means, 1);
      similarities.set(found.map(([{ similarity }]) => similarity), from);
    }
    const { featureShape } = reader;
    const all = [...captions.values()];
    return new TrainingMemory(photos, featureShape, all, times, similarities.sort());
  }

  /**
   * What photos are like.
   *
   * @param features [photos, ...featureShape]
   */
  async likenessOf(features: Float32Array): Promise<Likeness[]> {
    const found = await this.#photos.find(meanFeatures(features, this.#featureShape), NEAREST);
    return found.map((near) => ({
      nearest: near.map(({ row, similarity }) => ({ similarity, captions: this.#captions[row] })),
      novelty: this.#novelty(near[0].similarity),
    }));
  }

  /** How often a caption stands word for word among the train captions, as these are cleaned. */
  timesOf(words: readonly string[]): number {
    return this.#times.get(textOf(words)) ?? 0;
  }

  /** Frees the features. */
  [Symbol.dispose](): void {
    this.#photos[Symbol.dispose]();
  }

  #novelty(similarity: number): number | null {
    if (this.#dev.length === 0) return null;
    const further = this.#dev.findIndex((other) => other > similarity);
    return further < 0 ? 0 : (this.#dev.length - further) / this.#dev.length;
  }
}

function textOf(words: readonly string[]): string {
  return words.join(" ");
}

/** Features of photos, their grids averaged, some at a time. @yields the first photo's position */
async function* meansOf(
  digests: readonly string[],
  reader: FeatureReader,
): AsyncGenerator<[from: number, means: Float32Array]> {
  for (let from = 0; from < digests.length; from += AT_ONCE) {
    const features = reader.gather(digests.slice(from, from + AT_ONCE));
    yield [from, meanFeatures(features, reader.featureShape)];
    await new Promise((resolve) => setTimeout(resolve));
  }
}
