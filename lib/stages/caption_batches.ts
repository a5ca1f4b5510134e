import type { Captioner, Captions } from "../captioner/mod.ts";
import type { DecodingSettings } from "../decoding/mod.ts";
import type { EncodedBatch } from "../features/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { concatenate } from "./concatenate.ts";

/** A photo with its captions, or the reason why it has none. */
export type CaptionedPhoto =
  /** The photo, as it was named. */
  & { photo: string }
  & (Captions | { error: string });

/**
 * Most photos captioned at once. More gain little, and while these are captioned the thread that
 * decodes photos should not run out of room for them.
 */
const LARGEST = 64;

/** Captions of photos, batch by batch, in order; the photos of a batch follow from that alone. */
export async function* captionBatches(
  captioner: Captioner,
  encoded: AsyncIterable<EncodedBatch<{ path: string }>>,
  photos: number,
  settings: DecodingSettings,
  { onProgress, signal }: Omit<Listener, "say">,
): AsyncGenerator<CaptionedPhoto> {
  const enough = Math.min(settings.batchSize, LARGEST);
  const began = performance.now();
  let done = 0;
  let batches: EncodedBatch<{ path: string }>[] = [];
  const caption = async () => {
    const captioned = await captionEncoded(captioner, batches, settings, signal);
    batches = [];
    done += captioned.length;
    const rate = done / (performance.now() - began) * 1000;
    onProgress?.("Captions", done, photos, `${rate.toPrecision(3)} photos/s`);
    return captioned;
  };
  onProgress?.("Captions", 0, photos);
  for await (const batch of encoded) {
    signal?.throwIfAborted();
    batches.push(batch);
    const waiting = batches.reduce((sum, { photos }) => sum + photos.length, 0);
    if (waiting >= enough) yield* await caption();
  }
  if (batches.length > 0) yield* await caption();
}

async function captionEncoded(
  captioner: Captioner,
  batches: readonly EncodedBatch<{ path: string }>[],
  settings: DecodingSettings,
  signal?: AbortSignal,
): Promise<CaptionedPhoto[]> {
  const photos = batches.flatMap(({ photos }) => photos);
  const usable = photos.filter(({ unusable }) => unusable === undefined);
  const features = concatenate(Float32Array, batches.map(({ features }) => features));
  const captions = await captioner.captionFeatures(features, usable.length, settings, {
    signal,
    keyOf: (photo) => usable[photo].photo.path,
  });
  let at = 0;
  return photos.map(({ photo: { path }, unusable }) =>
    unusable === undefined
      ? { photo: path, ...captions[at++] }
      : { photo: path, error: unusable.reason }
  );
}
