import { coco } from "./coco.ts";
import { flickr30k } from "./flickr30k.ts";
import { flickr8k } from "./flickr8k.ts";
import { folder } from "./folder.ts";
import { karpathy } from "./karpathy.ts";
import { multi30k } from "./multi30k.ts";
import { openImages } from "./open_images.ts";
import { shapesSource } from "./shapes.ts";

/**
 * Every source of captioned photos. A new one is one file and a line here: settings, help and the
 * `kind` of a config follow from this list.
 */
export const datasetSources = [
  shapesSource,
  flickr8k,
  flickr30k,
  coco,
  karpathy,
  multi30k,
  openImages,
  folder,
] as const;
