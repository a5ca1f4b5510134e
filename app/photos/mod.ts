/**
 * From a request to photos that the engine may decode.
 *
 * @module
 */

export { decodeBase64 } from "./decode_base64.ts";
export { type HeldAccount, HeldBytes } from "./held_bytes.ts";
export { PHOTO_LIMITS, type PhotoLimits } from "./limits.ts";
export { type FetchOptions, PhotoFetcher } from "./photo_fetcher.ts";
export { PhotoChecker } from "./photo_checker.ts";
export { previewOf } from "./preview_of.ts";
export { readBody, readText } from "./read_body.ts";
export { type Form, type FormFile, readForm, shownName } from "./read_form.ts";
export { RefusedPhotoError } from "./refused_photo_error.ts";
