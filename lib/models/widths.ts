import { z } from "zod";

/** Of a layer: a slip of a digit is found before any work, and a network too large for memory later. */
const WIDEST = 65_536;

/** Units of a layer. */
export const width: z.ZodInt = z.int().min(1).max(WIDEST);

/** Steps that a layer repeats or positions that it reads. */
export const steps: z.ZodInt = z.int().min(1).max(10_000);
