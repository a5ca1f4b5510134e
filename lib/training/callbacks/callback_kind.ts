import type { z } from "zod";
import type { Callback } from "../callback.ts";
import type { DevScorer } from "../dev_scorer.ts";

/** Where the callbacks of a run write. */
export interface CallbackPaths {
  /** The history, one JSON line an epoch. */
  history: string;
  /** The best epoch's checkpoint. */
  best: string;
  /** The last checkpoint, which an interrupted training resumes from. */
  last: string;
  /** The folder of TensorBoard's event files. */
  tensorBoard: string;
}

/** A callback as the registry knows it: its part of the training settings, and how it is made. */
export interface CallbackKind<Settings extends z.ZodType = z.ZodType> {
  /** The schema of its part of the training settings. */
  settings: Settings;
  /** Figures that its callback adds to the logs of every epoch. @default {none} */
  reports?(settings: z.infer<Settings>): readonly string[];
  /** Makes the callback; undefined where the settings switch it off, or there is nothing to score. */
  create(
    settings: z.infer<Settings>,
    paths: CallbackPaths,
    scorer: DevScorer | undefined,
  ): Callback | undefined;
}
