import { readInputText } from "../../storage/mod.ts";
import { parseJson } from "../../text/mod.ts";

/** A cell of an .ipynb file, as far as it is read here. */
export interface Cell {
  /** `code`, `markdown` or `raw`. */
  cell_type: string;
  /** The text, as one string or as lines with line breaks. */
  source: string | string[];
  /** What running it showed. */
  outputs?: CellOutput[];
  /** When it was run, counted from 1. */
  execution_count?: number | null;
}

/** What a cell showed. */
export interface CellOutput {
  /** `stream`, `display_data`, `execute_result` or `error`. */
  output_type: string;
  /** The output in several forms, by MIME type. */
  data?: Record<string, unknown>;
  /** The text of a stream. */
  text?: string | string[];
}

/** A notebook file's content (nbformat 4). */
export interface Notebook {
  /** From top to bottom. */
  cells: Cell[];
  /** `language_info` and `kernelspec` among others. */
  metadata: { language_info?: { name?: string }; kernelspec?: { name?: string } };
  /** 4 */
  nbformat: number;
}

/**
 * Reads an .ipynb file.
 *
 * @throws {SyntaxError} if it is not a notebook of nbformat 4
 */
export async function readNotebook(path: string): Promise<Notebook> {
  const text = await readInputText(path);
  let notebook: Notebook;
  try {
    notebook = parseJson(text) as Notebook;
  } catch (cause) {
    throw new SyntaxError(
      `${path} is not JSON (${(cause as Error).message}): save the notebook again`,
      { cause },
    );
  }
  if (!Array.isArray(notebook?.cells) || notebook.nbformat !== 4) {
    throw new SyntaxError(`${path} is not a notebook of nbformat 4: save it with JupyterLab`);
  }
  return notebook;
}

/** A cell's text. */
export function cellText(cell: Cell): string {
  return typeof cell.source === "string" ? cell.source : cell.source.join("");
}
