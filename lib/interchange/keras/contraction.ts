import type { KerasLayer } from "./graph.ts";
import { refused } from "./refused.ts";

/** Two tensors multiplied and summed over an axis that they share. */
export interface Contraction {
  /** In Einstein notation, letters in order of appearance: `abc,acd->abd`. */
  equation: string;
  /** Each assumption that was made, in a sentence. */
  notes: string[];
}

const EQUATION = /([a-z]{2,3}),([a-z]{2,3})->([a-z]{2,3})/;

/**
 * The contraction that a layer of two inputs [batch, …, …] computes; undefined if it is another layer.
 *
 * It may be a Dot, an Einsum or Matmul of Keras 3, TensorFlow's functions in Keras 2 (TFOpLambda), or
 * a Lambda, of whose code only the strings are read: it is not run.
 *
 * @throws {RangeError} if it normalises, or is a Lambda without an equation in its code
 */
export function readContraction(layer: KerasLayer): Contraction | undefined {
  const { className, config, keywords } = layer;
  const plain = (equation: string) => ({ equation: canonical(equation), notes: [] });
  switch (className) {
    case "Dot": {
      if (config.normalize === true) {
        throw refused(layer, "normalises its inputs before it multiplies them");
      }
      const [first, second] = Array.isArray(config.axes) ? config.axes : [config.axes, config.axes];
      return plain(dotEquation(axisOf(first), axisOf(second)));
    }
    case "Einsum":
      return plain(String(config.subscripts));
    case "Matmul":
      return plain("abc,acd->abd");
    case "TFOpLambda":
      if (config.function === "linalg.matmul") {
        if (keywords.transpose_a === true) return undefined;
        return plain(keywords.transpose_b === true ? "abc,adc->abd" : "abc,acd->abd");
      }
      if (config.function === "einsum") {
        const text = [...layer.texts, ...Object.values(keywords)]
          .find((value) => EQUATION.test(String(value)));
        if (text !== undefined) return plain(String(text));
      }
      return undefined;
    case "Lambda":
      return readLambda(layer);
    default:
      return undefined;
  }
}

function readLambda(layer: KerasLayer): Contraction {
  const equation = EQUATION.exec(codeOf(layer))?.[0];
  if (equation === undefined) {
    throw refused(
      layer,
      "holds Python code, which is never run, and there is no equation of tf.einsum in it: " +
        "what it does in the attention is unknown",
    );
  }
  return {
    equation: canonical(equation),
    notes: [
      `The code of the layer "${layer.name}" (Lambda) was not run; it is taken for an einsum with ` +
      `the equation ${equation}, which it contains`,
    ],
  };
}

/** A Lambda's marshalled code as text, in which constants and names are legible. */
export function codeOf({ config }: KerasLayer): string {
  const { function: given } = config;
  const code = Array.isArray(given)
    ? given[0] // Keras 2
    : (given as { config?: { code?: unknown } } | undefined)?.config?.code;
  if (typeof code !== "string") return "";
  try {
    return atob(code.replaceAll(/\s/g, ""));
  } catch {
    return "";
  }
}

/** Axes of [batch, …, …] counted from the front. */
function axisOf(axis: unknown): number {
  return Number(axis) < 0 ? 3 + Number(axis) : Number(axis);
}

/** Dot's output has the remaining axis of the first input, then that of the second. */
function dotEquation(first: number, second: number): string {
  const left = first === 1 ? "asx" : "axs";
  const right = second === 1 ? "asy" : "ays";
  return `${left},${right}->axy`;
}

/** Letters renamed a, b, c, … in order of appearance. */
function canonical(equation: string): string {
  const letters = [...new Set(equation.replaceAll(/[^a-z]/gi, ""))];
  return equation.replaceAll(/\s/g, "")
    .replaceAll(/[a-z]/gi, (letter) => String.fromCharCode(97 + letters.indexOf(letter)));
}
