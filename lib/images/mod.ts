/**
 * Photo files to pixels, within limits on size and memory.
 *
 * @module
 */
export { decodePhoto } from "./decode_photo.ts";
export { isCutOffJpeg } from "./is_cut_off_jpeg.ts";
export { type ImageSettings, imageSettings } from "./settings.ts";
export { shrinkPhoto, type ShrinkSettings } from "./shrink_photo.ts";
export { type Light, spotlight, type SpotlightOptions } from "./spotlight.ts";
export { UnreadablePhotoError } from "./unreadable_photo_error.ts";
