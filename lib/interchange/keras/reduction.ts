import { codeOf } from "./contraction.ts";
import type { KerasLayer } from "./graph.ts";
import { expectSetting, onlyInput } from "./layers.ts";
import { refused } from "./refused.ts";

/** A sequence [batch, steps, width] reduced to a vector [batch, width]. */
export interface Reduction {
  /** Sum or mean. */
  pooling: "sum" | "mean";
  /** The layer that it reduces. */
  below: KerasLayer;
  /** Each assumption, in a sentence. */
  notes: string[];
}

const FUNCTIONS: Record<string, "sum" | "mean"> = {
  "math.reduce_sum": "sum",
  "reduce_sum": "sum",
  "math.reduce_mean": "mean",
  "reduce_mean": "mean",
};

/**
 * How a layer reduces its steps, undefined if it does not.
 *
 * @param steps number of steps
 * @throws {RangeError} if it reduces another axis, or is a Lambda without a sum or mean in its code
 */
export function readReduction(layer: KerasLayer, steps: number): Reduction | undefined {
  const { className, config, keywords } = layer;
  const found = (pooling: "sum" | "mean", notes: string[] = []) => ({
    pooling,
    below: onlyInput(layer),
    notes,
  });
  switch (className) {
    case "GlobalAveragePooling1D":
      expectSetting(layer, "data_format", "channels_last", null);
      return found("mean");
    case "Rescaling": { // a mean times the number of steps
      const inner = onlyInput(layer);
      if (inner.className !== "GlobalAveragePooling1D") return undefined;
      if (config.scale !== steps || Number(config.offset ?? 0) !== 0) {
        throw refused(layer, `multiplies by ${config.scale}; only the ${steps} steps are known`);
      }
      return { ...readReduction(inner, steps)!, pooling: "sum" };
    }
    case "Sum":
    case "Mean":
      checkAxis(layer, config.axis, config.keepdims);
      return found(className === "Sum" ? "sum" : "mean");
    case "TFOpLambda": {
      const pooling = FUNCTIONS[String(config.function)];
      if (pooling === undefined) return undefined;
      checkAxis(layer, keywords.axis, keywords.keepdims);
      return found(pooling);
    }
    case "Lambda": {
      if (layer.inputs.length !== 1) return undefined;
      const name = /\b(reduce_sum|reduce_mean)\b|\b(sum|mean)\b/.exec(codeOf(layer))?.[0];
      if (name === undefined) {
        throw refused(
          layer,
          "holds Python code, which is never run, and there is neither a sum nor a mean in it",
        );
      }
      const pooling = name.endsWith("mean") ? "mean" : "sum";
      return found(pooling, [
        `The code of the layer "${layer.name}" (Lambda) was not run; it is taken for a ${pooling} ` +
        `over axis 1, as it contains ${name}`,
      ]);
    }
    default:
      return undefined;
  }
}

function checkAxis(layer: KerasLayer, axis: unknown, keepdims: unknown): void {
  const [only, ...others] = [axis].flat();
  if (others.length === 0 && (only === 1 || only === -2) && keepdims !== true) return;
  throw refused(layer, `reduces the axis ${JSON.stringify(axis)}; only axis 1 can be imported`);
}
