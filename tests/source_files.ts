import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** A file of the project with what is in it; of a notebook, its code cells. */
export interface SourceFile {
  /** Path from the project's root, such as `lib/text/mod.ts`. */
  file: string;
  text: string;
}

/** One file's import of another module. */
export interface Import {
  /** As it is written, such as `../text/mod.ts` or `node:path`. */
  specifier: string;
  /** Path from the project's root, if it is a file of the project. */
  file?: string;
  /** Whether only types are imported, which do not run. */
  typesOnly: boolean;
  /** Whether it is an `import()`, which runs when it is reached. */
  isDynamic: boolean;
}

/** TypeScript files and notebooks in folders of the project, sorted by path. */
export async function sourceFiles(...folders: string[]): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const folder of folders) {
    for await (const { name, isDirectory } of Deno.readDir(`${root}${folder}`)) {
      const file = `${folder}/${name}`;
      if (isDirectory) files.push(...await sourceFiles(file));
      else if (/\.tsx?$/.test(name)) files.push({ file, text: await read(file) });
      else if (name.endsWith(".ipynb")) files.push({ file, text: codeOf(await read(file)) });
    }
  }
  return files.sort((a, b) => a.file < b.file ? -1 : 1);
}

const read = (file: string) => Deno.readTextFile(`${root}${file}`);

function codeOf(notebook: string): string {
  const cells: { cell_type: string; source: string | string[] }[] = JSON.parse(notebook).cells;
  return cells.filter((cell) => cell.cell_type === "code")
    .map(({ source }) => Array.isArray(source) ? source.join("") : source).join("\n");
}

const STRING = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'`;
const COMMENT_OR_STRING = new RegExp(
  String.raw`${STRING}|\/\*[\s\S]*?\*\/|(?<!\\)\/\/.*$`,
  "gm",
);

/** A text without its comments. */
export function withoutComments(text: string): string {
  return text.replaceAll(COMMENT_OR_STRING, (found) => found.startsWith("/") ? "" : found);
}

// Anchored to the start of a line, so that the examples in comments are not taken for imports.
const STATIC =
  /^(import|export)\s+(type\s+)?((?:\*(?:\s+as\s+\w+)?|\w+(?:,\s*\{[^}]*\})?|\{[^}]*\})\s+from\s+)?"([^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"]+)"/g;

/** What a file imports or re-exports, in its order; dynamic imports last. */
export function importsOf({ file, text }: SourceFile): Import[] {
  const resolve = (specifier: string) =>
    specifier.startsWith(".")
      ? { specifier, file: new URL(specifier, `file:///${file}`).pathname.slice(1) }
      : { specifier };
  const found: Import[] = [];
  for (const [, , type, names = "", specifier] of text.matchAll(STATIC)) {
    const listed = /\{([^}]*)\}/.exec(names)?.[1].split(",").map((name) => name.trim())
      .filter((name) => name !== "") ?? [];
    const typesOnly = type !== undefined ||
      (names.startsWith("{") && listed.length > 0 &&
        listed.every((name) => name.startsWith("type ")));
    found.push({ ...resolve(specifier), typesOnly, isDynamic: false });
  }
  for (const [, specifier] of withoutComments(text).matchAll(DYNAMIC)) {
    found.push({ ...resolve(specifier), typesOnly: false, isDynamic: true });
  }
  return found;
}

/** The room of a file of `lib/`; of others their folder, such as `tasks`. */
export function roomOf(file: string): string {
  const [folder, room] = file.split("/");
  return folder === "lib" ? room : folder;
}
