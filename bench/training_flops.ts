/**
 * Floating point operations in a training step of the merge decoder, per target word: of its matrix
 * products alone, a product and a sum being two.
 *
 * Counted are the matrices of the LSTM, the dense layer and the output layer, three products a word
 * each: forward, the gradient of the input and that of the weights; and the image's projection, two
 * products a caption, since features have no gradient. Neither padding nor what is computed twice
 * counts, nor what is no matrix product: embedding, gates, dropout, softmax, loss, Adam.
 *
 * @param shapes of the decoder's weights, by name
 * @param wordsPerCaption target words, the end included
 */
export function mergeFlopsPerWord(
  shapes: ReadonlyMap<string, readonly number[]>,
  wordsPerCaption: number,
): number {
  let flops = 0;
  for (const [name, shape] of shapes) {
    const [layer] = name.split("/");
    if (shape.length !== 2 || layer === "embedding") continue;
    const product = 2 * shape[0] * shape[1];
    flops += layer === "image" ? 2 * product / wordsPerCaption : 3 * product;
  }
  return flops;
}
