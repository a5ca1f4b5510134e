/**
 * Keras' files in and out: tokenizers, features, models.
 *
 * @module
 */
export { openZip, ZipArchive, type ZipMember } from "./zip.ts";
export { type ImportedModel, readKerasModel } from "./keras/read_keras_model.ts";
