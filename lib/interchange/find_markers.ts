import { type KerasTokenizer, likelyMarker, nearName } from "../text/mod.ts";

/** The words that begin and end a caption. */
export interface FoundMarkers {
  /** Begins it. */
  start: string;
  /** Ends it. */
  end: string;
  /** Why these, where the file leaves it open. */
  note?: string;
}

/** Markers that are asked for; absent: found. */
export type AskedMarkers = Partial<Pick<FoundMarkers, "start" | "end">>;

/** Words that Keras notebooks put around captions, the least ambiguous first. */
const USUAL_PAIRS = [
  ["startseq", "endseq"],
  ["<start>", "<end>"],
  ["<startseq>", "<endseq>"],
  ["<sos>", "<eos>"],
  ["<bos>", "<eos>"],
  ["<s>", "</s>"],
  ["[start]", "[end]"],
  ["[CLS]", "[SEP]"],
  ["seqstart", "seqend"],
  ["ssss", "eeee"],
  ["bos", "eos"],
  ["sos", "eos"],
  ["start", "end"],
] as const;

const KEYS = "--text.markers.start= and --text.markers.end=";

/**
 * The words that begin and end a caption: those that are asked for, a usual pair, words named like
 * markers, or the two words that stand in every caption that the tokenizer was fitted on.
 *
 * @throws {RangeError} if they are not known, or one that is asked for is not among the words
 */
export function findMarkers(
  keras: KerasTokenizer,
  path: string,
  asked: AskedMarkers = {},
): FoundMarkers {
  const words = new Words(keras);
  for (const side of ["start", "end"] as const) checkAsked(words, side, asked[side], path);
  const { start, end } = asked;
  if (start !== undefined && end !== undefined) return { start, end };
  const found = words.usualPair(true) ?? words.namedPair(true) ?? words.pairInEveryCaption() ??
    words.usualPair(false) ?? words.namedPair(false);
  if (found !== undefined) return { ...found, ...asked };
  const everywhere = words.inEveryCaption().slice(0, 10);
  throw new RangeError(
    `${path}: none of the pairs of words that begin and end captions is among its ` +
      `${keras.wordIndex.size} words: ${USUAL_PAIRS.map((pair) => pair.join(" ")).join(", ")}; ` +
      `name its own by ${KEYS}` +
      (everywhere.length === 0 ? "" : `, from ${everywhere.join(", ")}, which every caption holds`),
  );
}

function checkAsked(words: Words, side: "start" | "end", word: string | undefined, path: string) {
  if (word === undefined || words.has(word)) return;
  const near = nearName(word, words.list);
  throw new RangeError(
    `${path}: --text.markers.${side} is "${word}", which is not among its ${words.list.length} words` +
      (near === undefined ? "" : `; "${near}" is`),
  );
}

/** The words within a tokenizer's limit, and where they stand. */
class Words {
  readonly list: string[];
  readonly #keras: KerasTokenizer;

  constructor(keras: KerasTokenizer) {
    const limit = keras.numWords || Infinity;
    this.#keras = keras;
    this.list = [...keras.wordIndex].filter(([, index]) => index > 0 && index < limit)
      .map(([word]) => word);
  }

  has(word: string): boolean {
    const index = this.#keras.wordIndex.get(word) ?? 0;
    return index > 0 && index < (this.#keras.numWords || Infinity);
  }

  /** Words that all captions hold once; none if the file does not tell. */
  inEveryCaption(): string[] {
    const { documentCount, wordDocs, wordCounts } = this.#keras;
    if (documentCount === 0) return [];
    // In the order of their first appearance.
    return [...wordCounts.keys()].filter((word) =>
      wordDocs.get(word) === documentCount && wordCounts.get(word) === documentCount &&
      this.has(word)
    );
  }

  usualPair(everywhere: boolean): FoundMarkers | undefined {
    const pair = USUAL_PAIRS.find((pair) => pair.every((word) => this.#mayBe(word, everywhere)));
    return pair === undefined ? undefined : { start: pair[0], end: pair[1] };
  }

  /** The only word named like a start (`<begin>`, `bos_token`) and the only one named like an end. */
  namedPair(everywhere: boolean): FoundMarkers | undefined {
    for (const kinds of everywhere ? [["marker"], ["marker", "word"]] : [["marker"]]) {
      const [starts, ends] = (["start", "end"] as const).map((side) =>
        this.list.filter((word) =>
          kinds.includes(likelyMarker(word, side)) && this.#mayBe(word, everywhere) &&
          likelyMarker(word.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ""), side) !== "none"
        )
      );
      if (starts.length === 1 && ends.length === 1 && starts[0] !== ends[0]) {
        return guessed(starts[0], ends[0], "these words are named like markers");
      }
    }
    return undefined;
  }

  pairInEveryCaption(): FoundMarkers | undefined {
    const words = this.inEveryCaption();
    if (words.length !== 2) return undefined;
    return guessed(
      words[0],
      words[1],
      `each of the ${this.#keras.documentCount} captions that it was fitted on holds both once`,
    );
  }

  /** Whether a word may frame captions: an ordinary one that few of them hold does not. */
  #mayBe(word: string, everywhere: boolean): boolean {
    const { documentCount, wordDocs } = this.#keras;
    if (!this.has(word)) return false;
    const isTold = documentCount > 0 && wordDocs.size > 0;
    const share = !isTold ? undefined : (wordDocs.get(word) ?? 0) / documentCount;
    if (everywhere) return share !== undefined && share >= 1;
    return share === undefined || share >= 0.5 || /\W/.test(word);
  }
}

function guessed(start: string, end: string, why: string): FoundMarkers {
  return {
    start,
    end,
    note: `Captions begin with ${start} and end with ${end}, as ${why}; ${KEYS} name others`,
  };
}
