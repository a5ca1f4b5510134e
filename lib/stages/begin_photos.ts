import type { NetworkEncoder } from "../config/mod.ts";
import { type Encoder, openEncoderWeights, type WeightSource } from "../encoders/mod.ts";
import { encodeBatches, type EncodedBatch } from "../features/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { HeldListener } from "./held_listener.ts";

/** Photos that are read and decoded while the engine starts. */
export interface BegunPhotos {
  /** The photos, as they were given. */
  photos: readonly string[];
  /** What encodes them, and others afterwards. */
  encoder: Promise<Encoder>;
  /** Their features, batch by batch, to be taken once. */
  batches: AsyncGenerator<EncodedBatch<{ path: string }>>;
}

/** What {@linkcode beginPhotos} needs. */
export interface BeginOptions extends Pick<Listener, "say" | "onProgress"> {
  /** Shape of one photo's feature. */
  featureShape: number[];
  /** Whose failure and whose lines come first. */
  before: Promise<unknown>;
  /** Makes the encoder once that is there, of weights that it closes. */
  createEncoder: (source: Promise<WeightSource | undefined>) => Promise<Encoder>;
}

/**
 * Begins with all that photos need besides the engine: opens the encoder's weights and, in another
 * thread, decodes the first photos. A failure is that of `encoder`, in its turn.
 */
export function beginPhotos(
  settings: NetworkEncoder,
  photos: readonly string[],
  { before, featureShape, createEncoder, ...listener }: BeginOptions,
): BegunPhotos {
  const held = new HeldListener(listener);
  const source = openEncoderWeights(settings, held);
  const encoder = before.then(() => {
    held.release();
    return createEncoder(source);
  });
  // Whoever loads weights closes them; nobody does where it does not come to that.
  encoder.catch(() => source.then((source) => source?.close())).catch(() => {});
  const waiting = {
    imageSize: settings.imageSize,
    featureShape,
    encode: async (pixels: Uint8Array, count: number) =>
      await (await encoder).encode(pixels, count),
  };
  const options = { images: settings, batchSize: settings.batchSize };
  const batches = encodeBatches(waiting, options, [photos.map((path) => ({ path }))]);
  const first = batches.next();
  for (const begun of [source, encoder, first]) begun.catch(() => {}); // told where it is awaited
  return { photos, encoder, batches: startingWith(first, batches) };
}

async function* startingWith<T>(
  first: Promise<IteratorResult<T, void>>,
  rest: AsyncGenerator<T, void>,
): AsyncGenerator<T> {
  try {
    const { done, value } = await first;
    if (done !== true) yield value as T;
    yield* rest;
  } finally {
    await rest.return();
  }
}
