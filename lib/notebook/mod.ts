/**
 * What notebooks have beyond the tasks: settings in a cell, tables, photos, figures and progress
 * under cells, interrupts that keep what is done; and notebooks checked and run without a browser.
 *
 * @module
 */
export { figurePage } from "./figure_html.ts";
export { EpochsTable } from "./epochs_table.ts";
export { type EvaluatedRun, evaluatedRuns } from "./evaluated_runs.ts";
export { listenForInterrupts } from "./interrupts.ts";
export { openExperiment } from "./open_experiment.ts";
export { printLine } from "./print_line.ts";
export { progress, type ProgressOptions } from "./progress.ts";
export { type SecondExperiment, secondExperiment } from "./second_experiment.ts";
export type { Settings } from "./settings.ts";
export { liveFigure, showFigure } from "./show_figure.ts";
export type { LiveFigure } from "./show_figure.ts";
export { showMarkdown } from "./show_markdown.ts";
export { showPhotos } from "./show_photos.ts";
export type { PhotoToShow, ShowPhotosOptions } from "./show_photos.ts";
export { showSvg } from "./show_svg.ts";
export { showTable } from "./show_table.ts";
export type { Frame } from "./show_table.ts";
export type { ShowTableOptions } from "./table_html.ts";
export { type SaidOfPhoto, type WordLight, wordLights } from "./word_lights.ts";
export { checkCells, problemText } from "./check/check_cells.ts";
export type { CellProblem } from "./check/check_cells.ts";
export { checkFormat } from "./check/check_format.ts";
export { checkNotebook } from "./check/check_notebook.ts";
export { checkSchema } from "./check/check_schema.ts";
export { runNotebook } from "./check/run_notebook.ts";
export type { NotebookRun, RunNotebookOptions } from "./check/run_notebook.ts";
export { startBrowser } from "./check/start_browser.ts";
