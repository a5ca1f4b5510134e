import type { KerasGraph } from "./graph.ts";

/**
 * Refuses a model that is another part of a captioning project than its decoder.
 *
 * @throws {RangeError} that says what it is and what to do with it
 */
export function checkPurpose({ layers }: KerasGraph): void {
  const has = (pattern: RegExp) => layers.some(({ className }) => pattern.test(className));
  if (has(/^(Embedding|LSTM|GRU)$/)) return;
  if (has(/^(Depthwise|Separable)?Conv2D$/)) {
    throw new RangeError(
      "it is a network that encodes photos (convolutions), not a decoder: import the decoder's file, with " +
        "--encoder.weights= and this one's path",
    );
  }
  const words = layers.find(({ className }) =>
    /^(TextVectorization|StringLookup)$/.test(className)
  );
  if (words === undefined) return;
  throw new RangeError(
    `it is a vocabulary (${words.className}), not a decoder: write its words into a file, ` +
      'json.dump({w: i for i, w in enumerate(layer.get_vocabulary())}, open("words.json", "w")), and ' +
      "import that along with the decoder's file",
  );
}
