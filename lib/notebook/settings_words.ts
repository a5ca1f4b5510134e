/** Options of the command line that the settings cell spells otherwise. */
const SPELLED: Record<string, string> = { from: "training.from" };

/**
 * A message in the words of a notebook: where it names an option of the command line, the setting
 * of that name stands instead, as it would be written in the settings cell.
 */
export function inSettings(message: string): string {
  const own = message.replace(/^(?:--[\w.]+|Command line): /, "In the settings cell, ");
  const words = own.replace(
    /`deno task [^`]*`|(?<![\w-])--([a-zA-Z][\w.]*)(?:=([^\s,;:()]*))?/g,
    (found, option, value) => {
      if (option === undefined) return found; // a command, which is given in a terminal
      const key = SPELLED[option] ?? option;
      const name = /^\w+$/.test(key) ? key : `"${key}"`;
      return value ? `${name}: ${JSON.stringify(value)}` : name;
    },
  );
  return words === own ? own : `${words} (in the settings cell at the top)`;
}
