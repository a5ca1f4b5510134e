import type { ImageSettings } from "../images/mod.ts";
import type { DecodeAnswer, DecodeOrder, PhotoFile, UnusablePhoto } from "./read_photo.ts";

/**
 * `readPhoto` in its own thread, as an encoder's calls into TensorFlow block the calling thread, and
 * photos would have to wait.
 */
export class PhotoDecoder implements Disposable {
  readonly #worker = new Worker(new URL("./decode_worker.ts", import.meta.url), { type: "module" });
  readonly #waiting = new Map<number, PromiseWithResolvers<Uint8Array | UnusablePhoto>>();
  #orders = 0;

  constructor(readonly settings: ImageSettings & { imageSize: number }) {
    this.#worker.onmessage = ({ data }: MessageEvent<DecodeAnswer>) => this.#take(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      for (const { reject } of this.#waiting.values()) {
        reject(new Error(`The thread that decodes photos failed: ${event.message}`));
      }
    };
  }

  /** The pixels of a photo, or why it has none; fails as `readPhoto` does. */
  read(photo: PhotoFile): Promise<Uint8Array | UnusablePhoto> {
    const answer = Promise.withResolvers<Uint8Array | UnusablePhoto>();
    const id = this.#orders++;
    this.#waiting.set(id, answer);
    this.#worker.postMessage({ id, photo, settings: this.settings } satisfies DecodeOrder);
    return answer.promise;
  }

  /** Ends the thread. */
  [Symbol.dispose](): void {
    this.#worker.terminate();
  }

  #take({ id, result, error }: DecodeAnswer): void {
    const { resolve, reject } = this.#waiting.get(id)!;
    this.#waiting.delete(id);
    if (result === undefined) reject(new Error(error));
    else resolve(result);
  }
}
