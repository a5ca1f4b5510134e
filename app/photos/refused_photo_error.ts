/** A photo that is not taken; its message is one sentence for the caller. */
export class RefusedPhotoError extends Error {
  override name = "RefusedPhotoError";
}
