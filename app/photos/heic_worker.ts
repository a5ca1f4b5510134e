/// <reference lib="deno.worker" />
import heicDecode from "heic-decode";

// Decodes one HEIC: a thread of its own, so that nothing else waits for a hostile one.
self.onmessage = async ({ data }: MessageEvent<{ bytes: Uint8Array; pixels: number }>) => {
  try {
    const images = await heicDecode.all({ buffer: data.bytes });
    const { width, height, decode } = images[0];
    if (width * height > data.pixels) {
      self.postMessage({ width, height });
      return;
    }
    const { data: rgba } = await decode();
    self.postMessage({ width, height, rgba }, [rgba.buffer]);
  } catch (error) {
    self.postMessage({ error: (error as Error).message });
  }
};
