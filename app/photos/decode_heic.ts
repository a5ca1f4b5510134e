import { RefusedPhotoError } from "./refused_photo_error.ts";
import type { PhotoLimits } from "./limits.ts";

/** Pixels of a decoded HEIC. */
export interface HeicPixels {
  width: number;
  height: number;
  /** Undefined where there are more pixels than allowed. */
  rgba?: Uint8ClampedArray;
}

/** Threads at work; those that are waited for no longer are among them. */
let busy = 0;

/** More threads, which cannot be stopped where they compute, would keep the processor busy. */
const MOST_THREADS = 4;

/**
 * Decodes a HEIC in a thread of its own, which is not waited for where it takes too long: it ends by
 * itself, and until then counts among the threads that there may be.
 *
 * @throws {RefusedPhotoError} if it cannot be read, or takes too long
 */
export async function decodeHeic(
  bytes: Uint8Array,
  limits: PhotoLimits,
  signal: AbortSignal,
): Promise<HeicPixels> {
  signal.throwIfAborted();
  if (busy === MOST_THREADS) throw new RefusedPhotoError(TOO_MANY);
  busy++;
  const worker = new Worker(new URL("./heic_worker.ts", import.meta.url), { type: "module" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop: (() => void) | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const refuse = (sentence: string) => reject(new RefusedPhotoError(sentence));
      const end = () => {
        busy--;
        worker.terminate();
      };
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

const TOO_MANY = "Other HEIC photos are being decoded: send it again later, or as JPEG.";
const UNREADABLE = "The HEIC cannot be read: it is damaged, or of a kind that is not supported.";
