import type { KerasLayer } from "./graph.ts";
import {
  type Dense,
  expectClass,
  onlyInput,
  passDropouts,
  readDense,
  refused,
  shapeOf,
} from "./layers.ts";

/** The image's side of a decoder: input → [scaling] → [dropout] → dense, ReLU. */
export interface ImageBranch {
  /** The projection. */
  dense: Dense;
  /** Its input. */
  input: KerasLayer;
  /** Width of a feature. */
  width: number;
  /** Rate of the dropout before it. */
  dropout: number;
  /** How a feature is scaled before that. */
  scale: "none" | "l2" | "meanSquare";
}

/** @throws {RangeError} naming the layer that does not fit */
export function recogniseImage(layer: KerasLayer): ImageBranch {
  const dense = readDense(layer, "the image's projection", "relu");
  const { layer: below, rate } = passDropouts(onlyInput(layer));
  const { scale, layer: input } = readScale(below);
  expectClass(input, "below the image's projection there", "InputLayer");
  const shape = shapeOf(input);
  const width = shape[1];
  if (shape.length !== 2 || typeof width !== "number") {
    throw refused(input, `has the shape [${shape}]; an image is one vector of a known width`);
  }
  if (scale.factor !== undefined && Math.abs(scale.factor / Math.sqrt(width) - 1) > 1e-5) {
    throw refused(below, `scales by ${scale.factor}, which is not a scale that decoders have`);
  }
  return { dense, input, width, dropout: rate, scale: scale.name };
}

/** To length 1 (UnitNormalization), then to mean square 1 (Rescaling by the root of the width). */
function readScale(layer: KerasLayer): {
  scale: { name: ImageBranch["scale"]; factor?: number };
  layer: KerasLayer;
} {
  if (layer.className === "Rescaling") {
    const inner = onlyInput(layer);
    expectClass(inner, "below the scaling of the image there", "UnitNormalization");
    if (Number(layer.config.offset ?? 0) !== 0) throw refused(layer, "adds an offset to the image");
    const factor = Number(layer.config.scale);
    return { scale: { name: "meanSquare", factor }, layer: passNorm(inner) };
  }
  if (layer.className === "UnitNormalization") {
    return { scale: { name: "l2" }, layer: passNorm(layer) };
  }
  return { scale: { name: "none" }, layer };
}

function passNorm(layer: KerasLayer): KerasLayer {
  const axes = [layer.config.axis].flat();
  if (axes.length !== 1 || (axes[0] !== -1 && axes[0] !== 1)) {
    throw refused(layer, `normalises over the axes ${JSON.stringify(layer.config.axis)}`);
  }
  return onlyInput(layer);
}
