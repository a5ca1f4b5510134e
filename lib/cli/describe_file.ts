import type { RecognisedFile } from "../interchange/mod.ts";

/** What was recognised in a Keras project's file, as `deno task import --json` prints it. */
export function fileFacts(file: RecognisedFile): Record<string, unknown> {
  const { kind, path } = file;
  switch (kind) {
    case "model": {
      const { settings, vocabularySize, longest, featureShape, writer } = file.model;
      const facts = { decoder: settings.kind, vocabulary: vocabularySize, longest, featureShape };
      return { path, kind, ...facts, writer };
    }
    case "architecture":
      return { path, kind, name: file.name };
    case "tokenizer": {
      const { format, keras } = file.tokenizer;
      return { path, kind, words: wordsIn(keras), format };
    }
    case "features": {
      const { format, names, featureShape, dtype } = file.features;
      return { path, kind, photos: names.length, featureShape, dtype, format };
    }
  }
}

/** Without what may stand at index 0, the padding. */
function wordsIn({ wordIndex }: { wordIndex: ReadonlyMap<string, number> }): number {
  return [...wordIndex.values()].filter((index) => index > 0).length;
}

/** The same in one line. */
export function describeFile(file: RecognisedFile, markers?: readonly string[]): string {
  const count = (n: number) => n.toLocaleString("en");
  switch (file.kind) {
    case "model": {
      const { settings, vocabularySize, longest, featureShape, writer } = file.model;
      return `model: ${settings.kind} decoder, vocabulary ${count(vocabularySize)}, ` +
        `${longest === null ? "longest caption unknown" : `longest caption ${longest}`}, ` +
        `features [${featureShape.join(", ")}] (${writer})`;
    }
    case "architecture":
      return `layers of the model "${file.name}", without weights`;
    case "tokenizer": {
      const { format, keras } = file.tokenizer;
      const between = markers === undefined ? "no known markers" : markers.join(" … ");
      return `tokenizer: ${count(wordsIn(keras))} words, ${between} (${format})`;
    }
    case "features": {
      const { format, names, featureShape, dtype } = file.features;
      return `features: ${count(names.length)} photos, [${
        featureShape.join(", ")
      }], ${dtype} (${format})`;
    }
  }
}
