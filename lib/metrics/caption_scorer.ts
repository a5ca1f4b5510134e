import { checkPairs } from "./check_pairs.ts";
import type {
  Metric,
  MetricContext,
  MetricSettings,
  PreparedMetric,
  Sampler,
  Scores,
  Words,
} from "./metric.ts";
import { metrics } from "./registry.ts";
import type { EvaluationSettings } from "./settings.ts";
import { type Tokenization, tokenizers } from "./tokenize.ts";

/** Version of the definitions here; goes up when one of them gives another number. */
const VERSION = 2;

/** What the settings choose metrics by. */
export type ScoringSettings = Pick<EvaluationSettings, "metrics" | keyof typeof metrics>;

/** Options of {@linkcode CaptionScorer}. */
export interface CaptionScorerOptions {
  /** The words that `bleu.countMarkers` puts around every caption. @default {"<start>" and "<end>"} */
  markers?: MetricContext["markers"];
  /**
   * Captions by photo in which the n-grams of `cider-d.documentFrequencies` are counted, unless that is
   * `references`.
   */
  documents?: readonly (readonly string[])[];
}

/**
 * References of photos, prepared once by the metrics of the settings for any number of candidates.
 *
 * Neither side holds markers; `bleu.countMarkers` puts them around both.
 *
 * ```ts
 * import { CaptionScorer } from "./caption_scorer.ts";
 * import { evaluationSettings } from "./settings.ts";
 *
 * const references = [["A dog is running.", "The dog runs!"], ["Two cats", "Some cats"]];
 * const scorer = new CaptionScorer(references, evaluationSettings.parse({}));
 * scorer.corpus(["a dog runs", "two cats"])["cider-d"];
 * scorer.captions(["a dog runs", "two cats"]).map((scores) => scores["cider-d"]);
 * ```
 */
export class CaptionScorer {
  /** What the scores depend on, e.g. `bleu:coco|n:4|smooth:none|markers:no|tok:words|refs:5|v:2`. */
  readonly signature: string;
  readonly #references: readonly unknown[];
  readonly #metrics: { words: (caption: string) => string[]; prepared: PreparedMetric }[];

  /**
   * Does the costly work that is the same for all candidates.
   *
   * @param references true captions of each photo, at least one
   * @throws {RangeError} if a photo has no references, there are no photos, or settings do not go
   * together
   */
  constructor(
    references: readonly (readonly string[])[],
    settings: ScoringSettings,
    { markers = { start: "<start>", end: "<end>" }, documents }: CaptionScorerOptions = {},
  ) {
    if (references.length === 0) throw new RangeError("No candidates to score");
    this.#references = references;
    const parts: string[] = [];
    const split = splitter(references, documents);
    this.#metrics = settings.metrics.map((name) => {
      const metric = metricNamed(name);
      const own = settings[name as keyof typeof metrics];
      const words = tokenizers[own.tokenize];
      const prepared = metric.prepare(split(own.tokenize).references, own, {
        markers,
        documents: split(own.tokenize).documents,
      });
      parts.push(...metric.signature(own), `tok:${own.tokenize}`);
      return { words, prepared };
    });
    const counts = references.map((captions) => captions.length);
    const least = counts.reduce((a, b) => Math.min(a, b)),
      most = counts.reduce((a, b) => Math.max(a, b));
    parts.push(`refs:${least === most ? most : `${least}-${most}`}`, `v:${VERSION}`);
    this.signature = parts.join("|");
  }

  /**
   * Scores of a caption of each photo, as one corpus.
   *
   * @throws {RangeError} if there is not exactly one for each photo
   */
  corpus(candidates: readonly string[]): Scores {
    return Object.assign(
      {},
      ...this.#metrics.map(({ words, prepared }) => prepared.corpus(candidates.map(words))),
    );
  }

  /**
   * Scores of each photo's caption alone.
   *
   * @throws {RangeError} if there is not exactly one for each photo
   */
  captions(candidates: readonly string[]): Scores[] {
    checkPairs(candidates, this.#references);
    return candidates.map((caption, photo) =>
      Object.assign(
        {},
        ...this.#metrics.map(({ words, prepared }) => prepared.caption(words(caption), photo)),
      )
    );
  }

  /**
   * Scores of any choice of the photos, for {@linkcode bootstrapIntervals} and
   * {@linkcode pairedBootstrap}.
   *
   * @throws {RangeError} if there is not exactly one candidate for each photo
   */
  sampler(candidates: readonly string[]): Sampler {
    const samplers = this.#metrics.map(({ words, prepared }) =>
      prepared.sampler(candidates.map(words))
    );
    return (photos) => Object.assign({}, ...samplers.map((sampler) => sampler(photos)));
  }
}

/** Splits references and documents into words once for each way to do so. */
function splitter(
  references: readonly (readonly string[])[],
  documents: readonly (readonly string[])[] | undefined,
) {
  const done = new Map<Tokenization, { references: Words[][]; documents?: Words[][] }>();
  return (tokenize: Tokenization) => {
    const words = tokenizers[tokenize];
    const split = (photos: readonly (readonly string[])[]) =>
      photos.map((captions) => captions.map(words));
    const found = done.get(tokenize) ??
      { references: split(references), documents: documents && split(documents) };
    done.set(tokenize, found);
    return found;
  };
}

function metricNamed(name: string): Metric<MetricSettings> {
  if (!(name in metrics)) {
    throw new RangeError(
      `There is no metric "${name}"; there are ${Object.keys(metrics).join(", ")}`,
    );
  }
  return metrics[name as keyof typeof metrics];
}
