/**
 * A trained run, loaded once: photo → captions.
 *
 * @module
 */
export {
  type Caption,
  Captioner,
  type CaptionerParts,
  type Captions,
  readCaptionerParts,
} from "./captioner.ts";
