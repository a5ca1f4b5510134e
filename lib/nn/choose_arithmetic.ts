import type { Listener } from "../progress/mod.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { FusedOps } from "./fused_ops.ts";

/**
 * The numbers to compute in. What `auto` chose is said, and why; so is it where the numbers that were
 * asked for are not the faster ones.
 *
 * @param setting that asks: `encoder.arithmetic`
 * @throws {RangeError} if bfloat16 is asked for, and the engine does not compute in it
 */
export function chooseArithmetic(
  setting: string,
  asked: Arithmetic | "auto",
  fused: FusedOps | undefined,
  { say }: Pick<Listener, "say">,
): Arithmetic {
  if (asked === "float32") return asked;
  const bfloat16 = fused?.bfloat16;
  const problem = bfloat16 === undefined
    ? "only the engine on TensorFlow has it"
    : asked === "bfloat16" || bfloat16.isFaster
    ? bfloat16.problem()
    : undefined;
  if (asked === "bfloat16") {
    if (problem !== undefined) {
      throw new RangeError(
        `${setting} is bfloat16, which cannot be computed here: ${problem}; set ` +
          `--${setting}=float32`,
      );
    }
    if (!bfloat16!.isFaster) {
      say?.(`bfloat16 may be slower than float32 here, as ${bfloat16!.reason}`);
    }
    return asked;
  }
  const chosen = problem === undefined && bfloat16!.isFaster ? "bfloat16" : "float32";
  say?.(`${setting}: auto is ${chosen} here, as ${problem ?? bfloat16!.reason}`);
  return chosen;
}
