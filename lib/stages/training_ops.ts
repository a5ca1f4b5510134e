import { chooseArithmetic, type FusedOps } from "../nn/mod.ts";
import type { Run, TrainingInputs } from "../run/mod.ts";
import type { Experiment } from "./experiment.ts";

const SETTING = "training.arithmetic";

/**
 * The engine's operations in the arithmetic that a run trains in: `auto` is what the training began in
 * where it resumes, whatever this machine is faster in.
 *
 * @throws {RangeError} if that is bfloat16, and the engine does not compute in it
 */
export async function trainingOps(
  { config, engine, say }: Pick<Experiment, "config" | "engine" | "say">,
  run: Run,
  inputs: TrainingInputs,
): Promise<FusedOps | undefined> {
  const { fused } = await engine();
  const asked = config.training.arithmetic;
  const begun = asked === "auto" ? run.begunArithmetic(inputs) : undefined;
  if (begun !== undefined) say(`${SETTING}: auto is ${begun} here, as this training began in it`);
  const arithmetic = chooseArithmetic(SETTING, begun ?? asked, fused, { say });
  return fused?.in(arithmetic);
}
