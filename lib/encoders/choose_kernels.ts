import { z } from "zod";
import type { ConvolutionKernels, FusedOps } from "../nn/mod.ts";
import type { Listener } from "../progress/mod.ts";
import { keptResult } from "../storage/mod.ts";
import { multiplications, type PlannedConvolution } from "./plan/planned_convolution.ts";
import { tryKernels } from "./plan/try_kernels.ts";

/** Raised when a trial tries, or records, something else. */
const FORMAT = 1;

/** Networks of fewer multiplications a photo are not worth a trial. */
const SMALL = 1e8;

/**
 * Names of the convolutions that oneDNN computes, while Eigen computes the others; undefined: those of
 * pictures, as where nothing was measured.
 */
export type OneDnnConvolutions = readonly string[] | undefined;

/**
 * Chooses which convolutions oneDNN computes: what was recorded, or what `measure` finds to be faster
 * on this machine.
 */
export type KernelChoice = (
  measure: () => Promise<OneDnnConvolutions>,
) => Promise<OneDnnConvolutions> | OneDnnConvolutions;

/** What a choice leads to on this engine; one that it cannot follow is said. */
export async function chooseKernels(
  choice: KernelChoice,
  convolutions: readonly PlannedConvolution[],
  fused: FusedOps | undefined,
  { say }: Pick<Listener, "say">,
): Promise<OneDnnConvolutions> {
  const kernels = fused?.kernels;
  const chosen = await choice(() => rememberedTrial(convolutions, kernels, { say }));
  if (chosen === undefined || kernels !== undefined) return chosen;
  say?.(
    "Some convolutions of these features are recorded to be computed by oneDNN, which this engine " +
      "lacks: theirs differ in the last digits",
  );
}

/** Which convolutions are faster in oneDNN, tried once per machine and network. */
async function rememberedTrial(
  convolutions: readonly PlannedConvolution[],
  kernels: ConvolutionKernels | undefined,
  { say }: Pick<Listener, "say">,
): Promise<OneDnnConvolutions> {
  const work = convolutions.reduce((sum, one) => sum + multiplications(one), 0);
  if (kernels === undefined || work < SMALL) return undefined;
  const names = [...new Set(convolutions.map(({ name }) => name))].sort();
  const { machine } = kernels;
  const kept = keptResult("convolutions", { format: FORMAT, machine, names });
  const known = schema.safeParse(await kept.read());
  if (known.success) return known.data.oneDnn;
  say?.("Trying once which convolutions are faster by oneDNN on this processor, for a few seconds");
  const faster = tryKernels(convolutions, kernels);
  say?.(
    `oneDNN computes ${faster.length} of ${names.length} kinds of convolutions, Eigen the others`,
  );
  await kept.write({ machine, oneDnn: faster });
  return faster;
}

const schema = z.object({ oneDnn: z.array(z.string()) });
