import { flickr8k } from "./flickr8k.ts";
import { shapesSource } from "./shapes.ts";

/** Every source of captioned photos. A new one: its own file, and its line here. */
export const datasetSources = [
  shapesSource,
  flickr8k,
] as const;
