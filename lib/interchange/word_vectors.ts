import { openInput } from "../storage/mod.ts";
import { shorten } from "../text/mod.ts";

/** Vectors of some words from a file. */
export interface WordVectors {
  /** By word, each as long as was asked for; words that the file lacks have none. */
  vectors: Map<string, Float32Array>;
  /** Words in the file. */
  words: number;
}

/** A line of fastText's `.vec` or word2vec's text that comes first: how many words, and their width. */
const HEADER = /^(\d+) (\d+)\s*$/;

/**
 * Reads the vectors of some words from a text file, a line a word: `word 0.1 -0.2 …`, as GloVe has
 * them; fastText's `.vec` and word2vec's text have a first line with the number of words and the width
 * before. The file is read once, piece by piece: memory grows with the wanted words alone.
 *
 * Of a word that is there twice the first vector counts. GloVe's largest files have names of several
 * words, which are skipped.
 *
 * @param wanted words whose vectors are wanted, as the file writes them
 * @param width numbers of a vector
 * @throws {Deno.errors.NotFound} naming it, if there is no such file
 * @throws {SyntaxError} naming the line, if the file is not such a text
 * @throws {RangeError} naming both widths, if its vectors are not as wide
 */
export async function readWordVectors(
  path: string,
  wanted: ReadonlySet<string>,
  width: number,
): Promise<WordVectors> {
  const vectors = new Map<string, Float32Array>();
  let number = 0;
  let words = 0;
  for await (const line of linesOf(path)) {
    number++;
    if (line === "") continue;
    const header = number === 1 ? HEADER.exec(line) : null;
    if (header !== null) {
      if (Number(header[2]) !== width) throw otherWidth(path, Number(header[2]), width);
      continue;
    }
    const word = line.slice(0, line.indexOf(" "));
    // All lines would take long: what stands in them is looked at in the first, and where it is wanted.
    if (words++ > 0 && (!wanted.has(word) || vectors.has(word))) continue;
    const numbers = line.trimEnd().split(" ").slice(1);
    if (numbers.length > width && Number.isNaN(Number(numbers[0]))) continue; // of several words
    const vector = Float32Array.from(numbers, (text) => text === "" ? NaN : Number(text));
    const wrong = vector.findIndex((value) => !Number.isFinite(value));
    if (vector.length === 0 || wrong >= 0) {
      throw new SyntaxError(
        `${path}:${number}: "${
          shorten(numbers[wrong] ?? line)
        }" is not a number: each line must be a ` +
          "word and its numbers with one space between, as in GloVe's text or fastText's .vec",
      );
    }
    if (vector.length !== width) throw otherWidth(`${path}:${number}`, vector.length, width);
    if (wanted.has(word)) vectors.set(word, vector);
  }
  return { vectors, words };
}

function otherWidth(where: string, found: number, width: number): RangeError {
  return new RangeError(
    `${where} has word vectors of ${found} numbers, but the decoder's are ${width} wide: set ` +
      `--model.embedding=${found}, or take another file`,
  );
}

/** The lines of a file of UTF-8. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = await openInput(path);
  let rest = "";
  let number = 0;
  try {
    for await (
      const text of file.readable.pipeThrough(new TextDecoderStream("utf-8", { fatal: true }))
    ) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        number++;
        yield line.endsWith("\r") ? line.slice(0, -1) : line;
      }
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new SyntaxError(
      `${path} is not UTF-8 text after line ${number}: give GloVe's text or fastText's .vec, unpacked`,
      { cause: error },
    );
  }
  if (rest !== "") yield rest;
}
