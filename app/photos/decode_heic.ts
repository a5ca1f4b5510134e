import { RefusedPhotoError } from "./refused_photo_error.ts";
import type { PhotoLimits } from "./limits.ts";

/** Pixels of a decoded HEIC. */
export interface HeicPixels {
  width: number;
  height: number;
  /** Undefined where there are more pixels than allowed. */
  rgba?: Uint8ClampedArray;
}

/**
 * Decodes a HEIC in a thread that is ended when it takes too long.
 *
 * @throws {RefusedPhotoError} if it cannot be read, or takes too long
 */
export async function decodeHeic(
  bytes: Uint8Array,
  limits: PhotoLimits,
  signal: AbortSignal,
): Promise<HeicPixels> {
  signal.throwIfAborted();
  const worker = new Worker(new URL("./heic_worker.ts", import.meta.url), { type: "module" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop: (() => void) | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const refuse = (sentence: string) => reject(new RefusedPhotoError(sentence));
      worker.onmessage = ({ data }) => "error" in data ? refuse(UNREADABLE) : resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
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
    worker.terminate();
  }
}

const UNREADABLE = "The HEIC cannot be read: it is damaged, or of a kind that is not supported.";
