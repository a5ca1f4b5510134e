export {
  type Colour,
  colours,
  type Pattern,
  patterns,
  type Place,
  places,
  randomScene,
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
export {
  captionForms,
  type Choose,
  describeScene,
  namesMainObject,
  sceneCaptions,
} from "./grammar.ts";
