import { RefusedPhotoError } from "./refused_photo_error.ts";
import type { PhotoLimits } from "./limits.ts";

/** Pixels of a decoded HEIC. */
export interface HeicPixels {
  width: number;
  height: number;
  /** Undefined where there are more pixels than allowed. */
  rgba?: Uint8ClampedArray;
}

/** More threads, which cannot be stopped where they compute, would keep the processor busy. */
const MOST_THREADS = 4;

/** Decodes HEICs in threads of their own. */
export class HeicDecoder {
  #busy = 0;

  /**
   * Decodes one. It is not waited for where it takes too long: its thread ends by itself, and until
   * then counts among the threads that there may be.
   *
   * @throws {RefusedPhotoError} if it cannot be read, takes too long, or others do
   */
  async decode(bytes: Uint8Array, limits: PhotoLimits, signal: AbortSignal): Promise<HeicPixels> {
    signal.throwIfAborted();
    if (this.#busy === MOST_THREADS) throw new RefusedPhotoError(TOO_MANY);
    const worker = new Worker(new URL("./heic_worker.ts", import.meta.url), { type: "module" });
    this.#busy++;
    const end = () => {
      this.#busy--;
      worker.terminate();
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop: (() => void) | undefined;
    try {
      return await new Promise((resolve, reject) => {
        const refuse = (sentence: string) => reject(new RefusedPhotoError(sentence));
        worker.onmessage = ({ data }) => {
          end();
          if ("error" in data) refuse(UNREADABLE);
          else resolve(data);
        };
        worker.onerror = (event) => {
          event.preventDefault();
          end();
          refuse(UNREADABLE);
        };
        timer = setTimeout(
          () => refuse("The HEIC takes too long to decode: send it as JPEG."),
          limits.heicMilliseconds,
        );
        stop = () => reject(signal.reason);
        signal.addEventListener("abort", stop);
        worker.postMessage({ bytes, pixels: limits.pixels });
      });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop!);
    }
  }
}

const TOO_MANY = "Other HEIC photos are being decoded: send it again later, or as JPEG.";
const UNREADABLE = "The HEIC cannot be read: it is damaged, or of a kind that is not supported.";
