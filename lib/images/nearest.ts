/**
 * Resizes to the nearest neighbours that Pillow and Keras' `load_img` choose: the pixel under the
 * centre of each new one.
 *
 * @param pixels RGB bytes [height, width, 3]
 * @param fit `crop` takes the largest centred square, `stretch` everything
 * @returns RGB bytes [size, size, 3]
 */
export function resizeNearest(
  pixels: Uint8Array,
  width: number,
  height: number,
  size: number,
  fit: "stretch" | "crop",
): Uint8Array {
  const side = Math.min(width, height);
  const columns = nearestOf(width, fit === "crop" ? side : width, size);
  const rows = nearestOf(height, fit === "crop" ? side : height, size);
  const resized = new Uint8Array(size * size * 3);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * width + column) * 3;
      resized[to++] = pixels[from];
      resized[to++] = pixels[from + 1];
      resized[to++] = pixels[from + 2];
    }
  }
  return resized;
}

/** The positions chosen out of `length` when the `kept` ones in the middle become `size`. */
function nearestOf(length: number, kept: number, size: number): Int32Array {
  const start = Math.floor((length - kept) / 2);
  return Int32Array.from({ length: size }, (_, i) => start + Math.floor((i + 0.5) * kept / size));
}
