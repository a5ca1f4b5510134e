/**
 * Shows tables, photos and figures in notebooks; checks and runs notebooks without a browser.
 *
 * @module
 */
export { figurePage } from "./figure_html.ts";
export { progress } from "./progress.ts";
export type { ProgressBar } from "./progress.ts";
export { liveFigure, showFigure } from "./show_figure.ts";
export type { LiveFigure } from "./show_figure.ts";
export { showMarkdown } from "./show_markdown.ts";
export { showPhotos } from "./show_photos.ts";
export type { PhotoToShow, ShowPhotosOptions } from "./show_photos.ts";
export { showSvg } from "./show_svg.ts";
export { showTable } from "./show_table.ts";
export type { Frame, ShowTableOptions } from "./show_table.ts";
export { checkCells, problemText } from "./check/check_cells.ts";
export type { CellProblem } from "./check/check_cells.ts";
export { checkFormat } from "./check/check_format.ts";
export { checkNotebook } from "./check/check_notebook.ts";
export { checkSchema } from "./check/check_schema.ts";
export { runNotebook } from "./check/run_notebook.ts";
export type { NotebookRun, RunNotebookOptions } from "./check/run_notebook.ts";
export { startBrowser } from "./check/start_browser.ts";
