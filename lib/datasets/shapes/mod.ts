/**
 * Scenes of shapes, and their drawings.
 *
 * @module
 */
export {
  type Colour,
  colours,
  type Pattern,
  patterns,
  type Place,
  places,
  randomScenes,
  type Scene,
  type Shape,
  shapes,
  type Size,
  sizes,
  type Tone,
  tones,
} from "./scene.ts";
export { type DrawingOptions, drawScene, drawScenePixels } from "./drawing.ts";
