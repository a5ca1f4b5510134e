import type { ArithmeticInspection } from "../engine/mod.ts";
import type { Check } from "./check.ts";

/**
 * What the processor has for matrix products, what `arithmetic: auto` would choose, and both rates.
 *
 * @param inspection undefined if it failed
 * @param hasTensorFlow whether tasks compute with TensorFlow
 */
export function arithmeticCheck(
  inspection: ArithmeticInspection | undefined,
  hasTensorFlow: boolean,
): Check {
  const check = { what: "arithmetic", state: "found", needed: false } as const;
  if (inspection === undefined) {
    return { ...check, state: "missing", detail: "what the processor has could not be read" };
  }
  const { processor: { name, extensions }, bfloat16, rates } = inspection;
  const has = extensions?.join(", ") || "no extensions for matrix products that are known";
  const choice = !hasTensorFlow
    ? "auto chooses float32, as only the engine on TensorFlow has bfloat16"
    : `auto chooses ${bfloat16.isFaster ? "bfloat16" : "float32"}, as ${bfloat16.reason}`;
  const rate = rates === undefined
    ? ""
    : `; a matrix product runs at ${rates.float32.toFixed(0)} GFLOP/s in float32 and ` +
      `${rates.bfloat16.toFixed(0)} in bfloat16`;
  return { ...check, detail: `${name ?? "processor"}: ${has}; ${choice}${rate}` };
}
