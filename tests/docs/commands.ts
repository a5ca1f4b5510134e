/** The commands in a page of Markdown: lines of its sh blocks, and `deno task …` within its text. */
export function commandsIn(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block);
  const lines = blocks.flatMap((block) => block.replaceAll("\\\n", " ").split("\n"))
    .map((line) => line.replace(/\s#.*$/, ""));
  const rest = markdown.replaceAll(/^```[\s\S]*?^```/gm, "");
  const inline = [...rest.matchAll(/`((?:deno|npx) [^`]+)`/g)].map(([, command]) => command);
  const commands = [...lines, ...inline].map((command) => command.replaceAll(/\s+/g, " ").trim());
  return [...new Set(commands.filter((command) => command !== ""))];
}
