/**
 * What all tasks share: arguments, progress, tables, exit codes, interrupts.
 *
 * @module
 */
export { chosenRuns } from "./chosen_runs.ts";
export { type ComparedRun, printComparisons } from "./comparison_table.ts";
export { describeFile, fileFacts } from "./describe_file.ts";
export { evaluationRows, scoreRows } from "./evaluation_rows.ts";
export {
  type ExperimentArguments,
  experimentArguments,
  type ExperimentOptions,
} from "./experiment_command.ts";
export { type NextSteps, nextSteps } from "./next_steps.ts";
export { printError, printErrorLine, printJson, printLine } from "./print_line.ts";
export { printTable, type TableOptions } from "./print_table.ts";
export type { Progress } from "./progress.ts";
export { readList } from "./read_list.ts";
export { runTask, type RunTaskOptions, type Task } from "./run_task.ts";
export {
  readScoredCaptions,
  type ScoredCaptions,
  type ScoredFiles,
  usualMarkers,
} from "./scored_captions.ts";
export { printScores, type ScoreResult } from "./score_table.ts";
export { splitOverrides } from "./split_overrides.ts";
export { taskCommand, throwsUsageErrors } from "./task_command.ts";
export { UsageError } from "./usage_error.ts";
export { terminalColumns } from "./terminal_columns.ts";
export { wrapIndented } from "./wrap_indented.ts";
