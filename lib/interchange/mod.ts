/**
 * Keras' files in and out: tokenizers, features, models.
 *
 * @module
 */
export { openZip, ZipArchive, type ZipMember } from "./zip.ts";
