/**
 * Checks that a buffer holds so many photos.
 *
 * @param imageSize their side in pixels
 * @returns bytes of one photo, RGB
 * @throws {RangeError} if it holds more or fewer bytes
 */
export function checkPixels(pixels: Uint8Array, photos: number, imageSize: number): number {
  const size = imageSize ** 2 * 3;
  if (pixels.length !== photos * size) {
    throw new RangeError(
      `${photos} photos of ${imageSize} × ${imageSize} pixels have ` +
        `${photos * size} bytes, not ${pixels.length}`,
    );
  }
  return size;
}
