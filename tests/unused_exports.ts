import { importsOf, roomOf, type SourceFile, withoutComments } from "./source_files.ts";

/** A name that a room's `mod.ts` exports. */
interface Export {
  name: string;
  isType: boolean;
}

const EXPORT_FROM = /^export\s+(type\s+)?(?:\*|\{([^}]*)\})\s+from\s+"([^"]+)"/gm;
const DECLARATION =
  /^export\s+(?:declare\s+|async\s+|abstract\s+)*(function\*?|const|let|class|interface|type|enum)\s+(\w+)/gm;

/**
 * Names that a room exports and nobody imports: no other room, task, benchmark, notebook or test of
 * another room. Types that the room's code mentions besides their declaration are left out, since
 * an exported signature may need them.
 *
 * @returns `room: name`, sorted
 */
export function unusedExports(files: readonly SourceFile[]): string[] {
  const sources = new Map(files.map((source) => [source.file, source]));
  const doors = files.filter(({ file }) => /^lib\/\w+\/mod\.ts$/.test(file));
  const used = new Map(doors.map(({ file }) => [file, new Set<string>()]));
  for (const source of files) countUses(source, used);
  return doors.flatMap(({ file }) => {
    const room = roomOf(file);
    const code = files.filter((source) => source.file.startsWith(`lib/${room}/`))
      .map(({ text }) => withoutImports(withoutComments(text))).join("\n");
    return exportsOf(file, sources)
      .filter(({ name }) => !used.get(file)!.has(name))
      .filter(({ name, isType }) => !isType || (code.match(word(name)) ?? []).length < 2)
      .map(({ name }) => `${room}: ${name}`);
  }).sort();
}

const word = (name: string) => new RegExp(`\\b${name}\\b`, "g");

function withoutImports(code: string): string {
  return code.replaceAll(/^import\s[^;]*?from\s+"[^"]+";/gm, "").replaceAll(EXPORT_FROM, "");
}

function countUses({ file, text }: SourceFile, used: Map<string, Set<string>>): void {
  for (const [door, names] of used) {
    const room = roomOf(door);
    if (file.startsWith(`lib/${room}/`) || file.startsWith(`tests/${room}/`)) continue;
    const imports = importsOf({ file, text }).filter((imported) => imported.file === door);
    if (imports.length === 0) continue;
    const listed = [...text.matchAll(/^(?:import|export)\s+[^;]*?"([^"]+)"/gm)]
      .filter(([, specifier]) => imports.some((imported) => imported.specifier === specifier));
    const isWhole = imports.some(({ isDynamic }) => isDynamic) ||
      listed.some(([statement]) => statement.includes("*"));
    // Of a room imported as a whole, whatever the text names may be the room's.
    const mentioned = isWhole ? withoutComments(text) : listed.map(([found]) => found).join("\n");
    for (const [name] of mentioned.matchAll(/\b\w+\b/g)) names.add(name);
  }
}

function exportsOf(file: string, sources: ReadonlyMap<string, SourceFile>): Export[] {
  const { text } = sources.get(file)!;
  const found: Export[] = [];
  for (const [, type, list, specifier] of text.matchAll(EXPORT_FROM)) {
    const from = new URL(specifier, `file:///${file}`).pathname.slice(1);
    if (list === undefined) {
      found.push(...exportsOf(from, sources));
      continue;
    }
    for (const item of list.split(",").map((item) => item.trim()).filter(Boolean)) {
      const name = item.replace(/^type\s+/, "").split(/\s+as\s+/).at(-1)!;
      const isType = type !== undefined || item.startsWith("type ");
      found.push({ name, isType });
    }
  }
  for (const [, kind, name] of text.matchAll(DECLARATION)) {
    found.push({ name, isType: kind === "interface" || kind === "type" });
  }
  return found;
}
