import { counted, visible } from "../text/mod.ts";
import { display } from "./kernel.ts";
import { type Row, type ShowTableOptions, tableHtml } from "./table_html.ts";

/** A polars data frame, or anything else with its rows as records. */
export interface Frame {
  /** The rows, each with values by column. */
  toRecords(): Record<string, unknown>[];
}

/** Shows rows as a table, see {@linkcode tableHtml}. */
export async function showTable(
  rows: readonly object[] | Frame,
  options: ShowTableOptions = {},
): Promise<void> {
  // Tested so, since `"toRecords" in rows` is false for a polars data frame.
  const records = (Array.isArray(rows) ? rows : (rows as Frame).toRecords()) as Row[];
  const { title = "Table", columns = Object.keys(records[0] ?? {}) } = options;
  await display({
    "text/html": await tableHtml(records, options),
    "text/plain": visible(`${title}: ${counted(records.length, "row")} of ${columns.join(", ")}`),
  });
}
