import type { KerasLayer } from "./graph.ts";
import { expectLastAxis, isVector } from "./last_axis.ts";
import { onlyInput, settingOf } from "./layers.ts";
import { refused } from "./refused.ts";

/** The first layer below those that change nothing when captions are made. */
export interface Passed {
  /** The first layer below that does something. */
  layer: KerasLayer;
  /** Rate of the one dropout that equals all of those passed. */
  rate: number;
  /** Batch normalisations that were passed, from the top down. */
  norms: KerasLayer[];
  /** Whether a RepeatVector was passed. */
  repeated: boolean;
  /** Whether one of those passed loses the mask. */
  losesMask: boolean;
  /** What is not imported, in a sentence each. */
  notes: string[];
}

/** What may be passed besides dropouts. */
export interface MayPass {
  /** Batch normalisations, which are multiplied into the weights beside them. @default {false} */
  norms?: boolean;
  /** RepeatVector, where a vector is read at every step. @default {false} */
  repeats?: boolean;
}

/** Layers that add noise in training alone. */
const NOISE = ["GaussianNoise", "GaussianDropout", "AlphaDropout"];

/**
 * Follows a layer's inputs through dropouts and noise, which do nothing when captions are made.
 *
 * @throws {RangeError} if a dropout does not have a valid rate
 */
export function passLayers(
  layer: KerasLayer,
  { norms: mayNorm = false, repeats = false }: MayPass = {},
): Passed {
  let kept = 1;
  const passed = {
    norms: [] as KerasLayer[],
    repeated: false,
    losesMask: false,
    notes: [] as string[],
  };
  for (;; layer = onlyInput(layer)) {
    const { className, name } = layer;
    if (className === "Dropout" || className === "SpatialDropout1D") {
      kept *= 1 - rateOf(layer);
      if (className !== "Dropout") {
        passed.notes.push(
          `The layer "${name}" (${className}) becomes a dropout of the same rate, which drops ` +
            "single numbers instead of whole rows: that only matters for further training",
        );
      }
    } else if (NOISE.includes(className)) {
      passed.notes.push(
        `The layer "${name}" (${className}) is not imported: it only matters for further training`,
      );
    } else if (className === "BatchNormalization" && mayNorm) {
      expectLastAxis(layer);
      passed.norms.push(layer);
    } else if (className === "RepeatVector" && repeats) passed.repeated = true;
    else if (className !== "ActivityRegularization" && !isIdentity(layer)) break;
    if (layer.losesMask) passed.losesMask = true;
  }
  return { layer, rate: Number((1 - kept).toPrecision(6)), ...passed };
}

function rateOf(layer: KerasLayer): number {
  const { rate } = layer.config;
  if (typeof rate === "number" && rate >= 0 && rate < 1) return rate;
  throw refused(layer, `has rate ${JSON.stringify(rate)}, not a number from 0 to below 1`);
}

function isIdentity(layer: KerasLayer): boolean {
  if (layer.className === "Identity") return true;
  if (layer.className === "Flatten") return isVector(layer);
  return layer.className === "Activation" && settingOf(layer, "activation") === "linear";
}
