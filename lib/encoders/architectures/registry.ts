import type { Architecture } from "./architecture.ts";
import { efficientnetLite0, efficientnetLite1, efficientnetLite2 } from "./efficientnet_lite.ts";
import { inceptionV3 } from "./inception_v3.ts";
import { mobilenetV2 } from "./mobilenet_v2.ts";
import { resnet50 } from "./resnet50.ts";
import { shapesCnn } from "./shapes_cnn.ts";
import { vgg16 } from "./vgg16.ts";
import { xception } from "./xception.ts";

/** Every encoder there is. A new one: a file like vgg16.ts, and its line here. */
export const architectures: Record<string, Architecture> = {
  vgg16,
  mobilenet_v2: mobilenetV2,
  xception,
  inception_v3: inceptionV3,
  resnet50,
  efficientnet_lite0: efficientnetLite0,
  efficientnet_lite1: efficientnetLite1,
  efficientnet_lite2: efficientnetLite2,
  shapes_cnn: shapesCnn,
};
