import { join } from "node:path";
import { networkOf } from "../../lib/config/mod.ts";
import { createEncoder } from "../../lib/encoders/mod.ts";
import { fillCache, openFeatureCache } from "../../lib/features/mod.ts";
import { Random } from "../../lib/random/mod.ts";
import { featuresFolder } from "../../lib/stages/mod.ts";
import { sha256 } from "../../lib/storage/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import { experimentOn } from "./experiment_on.ts";

/** Distinct words, so that with padding, start and end the vocabulary has 15,817 indices. */
export const WORDS = 15_814;

/** Words of the longest caption, start and end included; one caption of every size has so many. */
export const LONGEST = 237;

const MEAN = 35;
/** Of the logarithm of a caption's length. */
const SPREAD = 0.5;

/**
 * Captions like Open Images' narratives: lengths log-normal with a mean of 35 words, the longest
 * 235 and two markers, words by Zipf's law. Every word occurs at every size, so that the network is
 * as wide at all of them.
 *
 * @param count at least 500: fewer do not hold all words
 */
export function* madeCaptions(count: number): Generator<string> {
  const random = new Random(1, "large data", count);
  const sums = new Float64Array(WORDS);
  for (let rank = 0, sum = 0; rank < WORDS; rank++) sums[rank] = sum += 1 / (rank + 3);
  const longestAt = Math.floor(count / 3);
  const lengths = Array.from({ length: count }, (_, i) => {
    if (i === longestAt) return LONGEST - 2;
    const length = Math.exp(Math.log(MEAN) - SPREAD ** 2 / 2 + SPREAD * random.normal());
    return Math.min(LONGEST - 2, Math.max(3, Math.round(length)));
  });
  const all = lengths.reduce((sum, length) => sum + length, 0);
  // Each word has one position of its own; these are spread over all captions.
  const positions = Array.from({ length: WORDS }, (_, i) => Math.floor(i * all / WORDS));
  const own = random.shuffled(positions.map((_, word) => word));
  let position = 0, next = 0;
  for (const length of lengths) {
    const words: string[] = [];
    for (let i = 0; i < length; i++, position++) {
      if (positions[next] === position) words.push(spelled(own[next++]));
      else words.push(spelled(rankAt(sums, random.uniform() * sums[WORDS - 1])));
    }
    yield words.join(" ");
  }
}

/** The first rank whose sum is above. */
function rankAt(sums: Float64Array, at: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A word of four or six letters for each number; frequent words are short, as in a language. */
function spelled(number: number): string {
  let word = "";
  for (let rest = number + 26; rest > 0; rest = Math.floor(rest / 26)) {
    word += String.fromCharCode(97 + rest % 26) + "aeiou"[rest % 5];
  }
  return word;
}

/** Writes `captions.txt` and a photo of a few bytes for each caption, laid out like Flickr8k. */
export async function makeSource(source: string, count: number): Promise<string[]> {
  await Deno.mkdir(join(source, "Images"), { recursive: true });
  using file = await Deno.create(join(source, "captions.txt"));
  const encoder = new TextEncoder();
  const digests: string[] = [];
  let text = "image,caption\n";
  let number = 0;
  for (const caption of madeCaptions(count)) {
    const photo = `${String(number++).padStart(6, "0")}.jpg`;
    text += `${photo},${caption}\n`;
    if (number % 1000 === 0 || number === count) {
      await file.write(encoder.encode(text));
      text = "";
    }
    Deno.writeTextFileSync(join(source, "Images", photo), photo);
    digests.push(sha256(photo));
  }
  return digests;
}

/** Fills the feature cache of the config's encoder with random rows. */
export async function makeFeatures(
  data: string,
  source: string,
  digests: readonly string[],
): Promise<void> {
  const experiment = await experimentOn(source, data);
  const { config: { encoder: settings } } = experiment;
  const engine = await startEngine();
  const { key, featureShape } = await createEncoder(networkOf(settings), { fused: engine.fused });
  const { precision, shardSize } = settings;
  const folder = featuresFolder(experiment, key);
  await Deno.mkdir(folder, { recursive: true });
  const cache = await openFeatureCache(folder, { key, featureShape, precision, shardSize });
  const [width] = featureShape;
  const random = new Random(1, "features");
  // Each shard begins at another row of these, so that no two are alike.
  const rows = Float32Array.from({ length: 2 * shardSize * width }, () => random.uniform());
  await fillCache(cache, digests.map((digest) => ({ digest, path: digest })), {
    featureShape,
    async *features(shards) {
      let number = 0;
      for await (const photos of shards) {
        const first = number++ % shardSize;
        for (const i of photos.keys()) {
          yield rows.subarray((first + i) * width, (first + i + 1) * width);
        }
      }
    },
  });
}
