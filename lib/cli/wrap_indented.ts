/**
 * Text with its long lines broken between words, the further ones indented like the first.
 *
 * @param columns that a line may take
 */
export function wrapIndented(text: string, columns: number): string {
  return text.split("\n").map((line) => {
    if (line.length <= columns) return line;
    const indent = /^ */.exec(line)![0];
    const lines = [indent];
    for (const word of line.trim().split(" ")) {
      const last = lines.at(-1)!;
      if (last === indent) lines[lines.length - 1] += word;
      else if (last.length + 1 + word.length > columns) lines.push(indent + word);
      else lines[lines.length - 1] += ` ${word}`;
    }
    return lines.join("\n");
  }).join("\n");
}
