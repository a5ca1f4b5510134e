/**
 * Perplexity of captions under a language model: among how many equally likely words the next one is
 * as hard to guess. 1 at best; V for a model that knows nothing of V words.
 *
 * ```ts
 * import { perplexity } from "./perplexity.ts";
 *
 * perplexity(Math.log(100)); // 100
 * ```
 *
 * @param loss mean cross-entropy of a word, the end marker counted, in nats
 */
export function perplexity(loss: number): number {
  return Math.exp(loss);
}
