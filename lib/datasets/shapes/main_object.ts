import { meanOverPhotos, type PreparedMetric, type Scores, type Words } from "../../metrics/mod.ts";
import { namesMainObject } from "./grammar.ts";
import type { Scene } from "./scene.ts";

/**
 * Whether captions name the shape of the main object, its colour, and both: of a caption 1 or 0, of
 * many the share that do.
 *
 * @param scenes the scene of each photo
 */
export function mainObject(scenes: readonly Pick<Scene, "shape" | "colour">[]): PreparedMetric {
  const caption = (words: Words, photo: number): Scores => {
    const { shape, colour } = namesMainObject(words.join(" "), scenes[photo]);
    return {
      "main-shape": Number(shape),
      "main-colour": Number(colour),
      "main-object": Number(shape && colour),
    };
  };
  return meanOverPhotos(scenes, caption);
}
