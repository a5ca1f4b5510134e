/** Ends the digest of a photo under which the feature of its mirror image is kept. */
const FLIPPED = "-flipped";

/** What a cache has the feature of a photo's mirror image under. @param digest of the photo */
export function flippedDigest(digest: string): string {
  return digest + FLIPPED;
}

/** A photo of a data set of which the mirror image, left and right exchanged, is to be encoded. */
export function flippedPhoto<Photo extends { digest: string }>(photo: Photo): Photo {
  return { ...photo, digest: flippedDigest(photo.digest) };
}

/** The digest of the photo's bytes, and whether its mirror image is meant. */
export function unflipped(digest: string): { digest: string; isFlipped: boolean } {
  const isFlipped = digest.endsWith(FLIPPED);
  return { digest: isFlipped ? digest.slice(0, -FLIPPED.length) : digest, isFlipped };
}

/** Exchanges left and right, in place. @param pixels RGB [height, width, 3] */
export function flipPixels(pixels: Uint8Array, width: number): void {
  const colour = new Uint8Array(3);
  for (let row = 0; row < pixels.length; row += 3 * width) {
    for (let left = row, right = row + 3 * (width - 1); left < right; left += 3, right -= 3) {
      colour.set(pixels.subarray(left, left + 3));
      pixels.copyWithin(left, right, right + 3);
      pixels.set(colour, right);
    }
  }
}
