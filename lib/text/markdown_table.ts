/** Lines of a table in Markdown, its columns as wide as their longest cell. @param cells the first line is the head */
export function markdownTable(cells: readonly (readonly string[])[]): string[] {
  const widths = cells[0].map((_, i) => Math.max(3, ...cells.map((line) => line[i].length)));
  const line = (texts: readonly string[]) =>
    `| ${texts.map((text, i) => text.padEnd(widths[i])).join(" | ")} |`;
  const [head, ...body] = cells;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)];
}
