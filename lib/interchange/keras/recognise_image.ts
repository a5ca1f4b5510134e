import type { KerasLayer } from "./graph.ts";
import { type Dense, expectClass, onlyInput, readDense, shapeOf } from "./layers.ts";
import { refused } from "./refused.ts";
import { type MayPass, type Passed, passLayers } from "./pass_layers.ts";

/** Activations that an image's projection may have. */
export const IMAGE_ACTIVATIONS: [string, ...string[]] = ["relu", "linear", "tanh"];

/** The image's side of a decoder: input → [scaling] → [dropout] → dense. */
export interface ImageBranch {
  /** The projection. */
  dense: Dense;
  /** Its activation. */
  activation: "relu" | "linear" | "tanh";
  /** Normalisations before it, from the top down. */
  norms: KerasLayer[];
  /** Whether a RepeatVector is below the projection. */
  repeated: boolean;
  /** Its input. */
  input: KerasLayer;
  /** Width of a feature. */
  width: number;
  /** Rate of the dropout before it. */
  dropout: number;
  /** How a feature is scaled before that. */
  scale: "none" | "l2" | "meanSquare";
  /** What is not imported, in a sentence each. */
  notes: string[];
}

/** @throws {RangeError} naming the layer that does not fit */
export function recogniseImage(
  layer: KerasLayer,
  activations: [string, ...string[]] = ["relu"],
  may: MayPass = {},
): ImageBranch {
  const dense = readDense(layer, "the image's projection", ...activations);
  const passed = passLayers(onlyInput(layer), may);
  const { scale, layer: input } = readScale(passed);
  expectClass(input, "below the image's projection there", "InputLayer");
  const shape = shapeOf(input);
  const width = shape[1];
  if (shape.length !== 2 || typeof width !== "number") {
    throw refused(input, `has the shape [${shape}]; an image is one vector of a known width`);
  }
  if (scale.factor !== undefined && Math.abs(scale.factor / Math.sqrt(width) - 1) > 1e-5) {
    throw refused(
      passed.layer,
      `scales by ${scale.factor}, which is not a scale that decoders have`,
    );
  }
  const { norms, repeated, notes, rate: dropout } = passed;
  const activation = dense.activation as ImageBranch["activation"];
  return { dense, activation, norms, repeated, input, width, dropout, scale: scale.name, notes };
}

/** To length 1 (UnitNormalization), then to mean square 1 (Rescaling by the root of the width). */
function readScale({ layer }: Passed): {
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
