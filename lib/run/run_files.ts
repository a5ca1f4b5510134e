import { join } from "node:path";

/** Name of the folder of all runs, in the data folder. */
export const RUNS = "runs";

/** Every file and folder of a run, relative to the run's folder. */
export const runFiles = {
  /** The config, resolved, and the version of the layout. */
  config: "config.json",
  /** Words and their indices. */
  tokenizer: "tokenizer.json",
  /** How training went. */
  training: "training.json",
  /** The folder of the two checkpoints. */
  checkpoints: "checkpoints",
  /** The epoch that captions are made with. */
  best: "checkpoints/best.safetensors",
  /** The epoch that training resumes from. */
  last: "checkpoints/last.safetensors",
  /** A JSON line an epoch. */
  history: "history.jsonl",
  /** The folder of TensorBoard's event files. */
  tensorBoard: "tensorboard",
  /** Digests of the photos trained on, a line each. */
  trainedOn: "trained_on.txt",
  /** Of an imported run, and of one that started from it: photos seen elsewhere. */
  seenElsewhere: "seen_elsewhere.json",
  /** Of an imported run: the files it was made from. */
  imported: "imported.json",
  /** The folder of scores, captions and figures. */
  evaluations: "evaluations",
} as const;

/** Paths of a run's files by what they hold, and of the run's folder. */
export interface RunPaths extends Readonly<Record<RunFile, string>> {
  /** The run's folder. */
  readonly folder: string;
}

/** What is kept in a file or a folder of a run. */
export type RunFile =
  | "config"
  | "tokenizer"
  | "training"
  | "checkpoints"
  | "best"
  | "last"
  | "history"
  | "tensorBoard"
  | "trainedOn"
  | "seenElsewhere"
  | "imported"
  | "evaluations";

/** The paths of the files in a run's folder. */
export function runPaths(folder: string): RunPaths {
  const paths = Object.entries(runFiles).map(([what, file]) => [what, join(folder, file)]);
  return { ...Object.fromEntries(paths) as Record<RunFile, string>, folder };
}
