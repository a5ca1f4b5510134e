import { describeCandidates, tokenizers } from "../metrics/mod.ts";
import type { EvaluatedPhoto } from "../run/mod.ts";
import { counted } from "../text/mod.ts";

/** Of fewer captions chance makes some the same. */
const FEW_PHOTOS = 20;

/** Distinct captions, as a share of all, below which they are few. */
const FEW_DISTINCT = 0.2;

/** Words used, as a share of those in the references, below which they are few. */
const FEW_WORDS = 0.03;

/** Photos with one and the same caption, as a share of all, from which they are many. */
const MANY_PHOTOS = 0.1;

/** What people's captions must be more varied by, where they are of few words and sentences too. */
const TIMES = 2;

/**
 * What to say of captions that are nearly the same whatever the photo; undefined where they are not, or
 * people's captions of these photos are hardly more varied.
 */
export function collapsedCaptions(
  photos: readonly Pick<EvaluatedPhoto, "caption" | "references">[],
): string | undefined {
  if (photos.length < FEW_PHOTOS) return undefined;
  const found = describeCandidates(photos.map(({ caption }) => caption));
  const people = describeCandidates(photos.map(({ references }) => references[0]));
  const words = new Set(photos.flatMap(({ references }) => references.flatMap(tokenizers.words)));
  const reasons: string[] = [];
  if (found.distinct < FEW_DISTINCT && found.distinct * TIMES < people.distinct) {
    reasons.push(`only ${Math.round(found.distinct * photos.length)} of them are distinct`);
  }
  if (found.words < FEW_WORDS * words.size) {
    reasons.push(
      `they use ${counted(found.words, "word")}, where people use ${
        words.size.toLocaleString("en")
      }`,
    );
  }
  const { caption, photos: same } = found.mostFrequent;
  if (same >= MANY_PHOTOS * photos.length && same > TIMES * people.mostFrequent.photos) {
    reasons.push(`${same} photos have "${caption}"`);
  }
  if (reasons.length === 0) return undefined;
  return `Warning: the captions of ${counted(photos.length, "photo")} have collapsed: ${
    reasons.join("; ")
  }. The decoder hardly looks at its photos. Look at val_loss, which should be well below the loss ` +
    "of word frequencies; at the encoder, whose features should differ between photos (notebook 2); " +
    "at training.epochs and training.learningRate; and at decoding.lengthNormalisation, if the " +
    "captions are short";
}
