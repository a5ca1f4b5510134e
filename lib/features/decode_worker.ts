/// <reference lib="deno.worker" />
/** Reads photos in its own thread; `PhotoDecoder` is the other end. */
import { type DecodeAnswer, type DecodeOrder, readPhoto } from "./read_photo.ts";

self.onmessage = async ({ data: { id, photo, settings } }: MessageEvent<DecodeOrder>) => {
  let answer: DecodeAnswer;
  try {
    answer = { id, result: await readPhoto(photo, settings) };
  } catch (error) {
    answer = { id, error: (error as Error).message };
  }
  const transfer = answer.result instanceof Uint8Array ? [answer.result.buffer as ArrayBuffer] : [];
  self.postMessage(answer, transfer);
};
