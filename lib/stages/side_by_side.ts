/**
 * Features of several encoders as one of each photo.
 *
 * @param parts of each encoder [photos, size]
 * @returns [photos, all sizes together]
 */
export function sideBySide(parts: readonly Float32Array[], photos: number): Float32Array {
  if (parts.length === 1) return parts[0];
  const sizes = parts.map(({ length }) => photos === 0 ? 0 : length / photos);
  const width = sizes.reduce((sum, size) => sum + size, 0);
  const joined = new Float32Array(photos * width);
  let at = 0;
  for (let photo = 0; photo < photos; photo++) {
    for (const [i, size] of sizes.entries()) {
      joined.set(parts[i].subarray(photo * size, (photo + 1) * size), at);
      at += size;
    }
  }
  return joined;
}
