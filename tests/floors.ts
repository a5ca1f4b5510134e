import { importsOf, roomOf, type SourceFile, withoutComments } from "./source_files.ts";

/** Rooms from the ground up. A room imports only from floors below its own; types count too. */
export const FLOORS = [
  ["progress", "random", "processes"],
  ["text", "safetensors"],
  ["storage", "plots", "bundle"],
  ["images", "python", "packages"],
  ["nn", "metrics"],
  ["engine", "datasets", "keras"],
  ["encoders", "models"],
  ["features", "decoding", "training"],
  ["captioner"],
  ["config"],
  ["interchange"],
  ["run"],
  ["stages"],
  ["results"],
  ["notebook", "doctor", "cli"],
  ["app"],
  ["tasks", "bench", "notebooks"],
];

/** Files that a browser loads; all that they import must run there too. */
export const BROWSER_SAFE = [
  ...[
    "progress",
    "random",
    "text",
    "safetensors",
    "nn",
    "metrics",
    "plots",
    "models",
    "decoding",
    "captioner",
  ]
    .map((room) => `lib/${room}/mod.ts`),
  "lib/encoders/browser.ts",
];

/** A rule broken: what a list of known faults names it by, and where to look. */
export interface Fault {
  /** Such as `captioner → stages`: the same for all faults that one change removes. */
  key: string;
  /** One sentence with the file. */
  message: string;
}

/** Imports of rooms that do not stand on a lower floor. */
export function importsUpward(files: readonly SourceFile[]): Fault[] {
  const floorOf = new Map(FLOORS.flatMap((rooms, floor) => rooms.map((room) => [room, floor])));
  const faults: Fault[] = [];
  for (const source of files) {
    const room = roomOf(source.file);
    const floor = floorOf.get(room);
    if (floor === undefined) {
      faults.push({ key: room, message: `${source.file}: "${room}" has no floor in FLOORS` });
      continue;
    }
    for (const { file } of importsOf(source)) {
      if (file === undefined || roomOf(file) === room) continue;
      const other = roomOf(file);
      if ((floorOf.get(other) ?? Infinity) >= floor) {
        faults.push({
          key: `${room} → ${other}`,
          message: `${source.file} imports ${file}, which does not stand on a lower floor`,
        });
      }
    }
  }
  return faults;
}

/** Files that import each other in a circle: strongly connected ones, by Tarjan's algorithm. */
export function circles(files: readonly SourceFile[]): Fault[] {
  const imports = new Map(files.map((source) => [
    source.file,
    importsOf(source).flatMap(({ file }) => file ?? []),
  ]));
  const index = new Map<string, number>(), low = new Map<string, number>();
  const stack: string[] = [];
  const faults: Fault[] = [];
  const visit = (file: string) => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    stack.push(file);
    for (const other of imports.get(file)!) {
      if (!imports.has(other)) continue;
      if (!index.has(other)) {
        visit(other);
        low.set(file, Math.min(low.get(file)!, low.get(other)!));
      } else if (stack.includes(other)) {
        low.set(file, Math.min(low.get(file)!, index.get(other)!));
      }
    }
    if (low.get(file) !== index.get(file)) return;
    const members = stack.splice(stack.indexOf(file)).sort();
    if (members.length > 1 || imports.get(file)!.includes(file)) {
      const rooms = [...new Set(members.map(roomOf))].sort();
      faults.push({
        key: rooms.join(", "),
        message: `these import each other in a circle: ${members.join(", ")}`,
      });
    }
  };
  for (const file of imports.keys()) if (!index.has(file)) visit(file);
  return faults;
}

/** Names in a run's folder. */
const RUN_FILES = [
  "config.json",
  "tokenizer.json",
  "training.json",
  "history.jsonl",
  "trained_on.txt",
  "seen_elsewhere.json",
  "imported.json",
  "best.safetensors",
  "last.safetensors",
  "checkpoints",
  "evaluations",
];

/** Folders where such a name is one of Keras' archives or of an export, not of a run. */
const OTHERS: Record<string, string[]> = {
  "config.json": ["lib/interchange/", "lib/keras/"],
  "tokenizer.json": ["lib/interchange/export/"],
};

/**
 * Names of a run's files outside `lib/run/`, as a whole string or a step of a path; in a sentence
 * for people they may stand.
 */
export function runFilesSpelled(files: readonly SourceFile[]): Fault[] {
  return files.filter(({ file }) => roomOf(file) !== "run").flatMap(({ file, text }) => {
    const code = withoutComments(text);
    return RUN_FILES.filter((name) => {
      if (OTHERS[name]?.some((folder) => file.startsWith(folder))) return false;
      return new RegExp(`["'\`/]${name.replace(".", "\\.")}["'\`/]`).test(code);
    }).map((name) => ({
      key: roomOf(file),
      message: `${file} spells "${name}", which lib/run/ alone knows: ask a Run for the path`,
    }));
  });
}

/** Where a module may keep something while it runs, and why. */
const STATEFUL: Record<string, string> = {
  "lib/engine/": "a process has one engine, and TensorFlow's library cannot be unloaded",
  "lib/images/decode_photo.ts": "the memory that photos are decoded in is the process's",
  "lib/bundle/bundle_module.ts": "esbuild starts only once in a process",
  "lib/interchange/export/bundle_captioner.ts": "a process exports many runs with one script",
  "lib/notebook/cells_below.ts": "which cell was interrupted is for the cells that follow it",
  "lib/notebook/interrupts.ts": "a kernel has one signal, whose listener stays for its life",
  "lib/notebook/show_figure.ts": "a notebook's page has plotly.js from its first figure on",
};

/** Built-in objects that are constants once made. */
const UNCHANGING = /^(RegExp|URL|TextDecoder|TextEncoder|Date|Intl\.\w+|\w+Array)$/;

const TOP_LEVEL =
  /^(?:export )?(?:(let|var) ([\w{[]+)|const (\w+)(: [^=]*)? = (?:new ([\w.]+)|(\[\]|\{\})))/gm;

/**
 * Variables of modules that hold something while the program runs: they tie together what calls a
 * module, in one process and in its tests. Maps and sets that never change say so by their type.
 */
export function moduleState(files: readonly SourceFile[]): Fault[] {
  const stateless = files.filter(({ file }) =>
    !Object.keys(STATEFUL).some((place) => file.startsWith(place))
  );
  return stateless.flatMap(({ file, text }) =>
    [...withoutComments(text).matchAll(TOP_LEVEL)].flatMap(
      ([, , variable, constant, type = "", made]) => {
        if (made !== undefined && (UNCHANGING.test(made) || /^: Readonly(Map|Set)</.test(type))) {
          return [];
        }
        const name = variable ?? constant;
        const message = `${file} keeps "${name}" at module level: make it a local variable or a ` +
          "private member; a constant Map or Set is declared ReadonlyMap or ReadonlySet";
        return [{ key: name, message }];
      },
    )
  );
}

const NATIVE =
  /^(npm:\/?)?(sharp|nodejs-polars|h5wasm|@tensorflow\/tfjs-node(-gpu)?|cli-progress|commander|yauzl|yazl|p-retry)(@|\/|$)/;

/** Deno, Node.js or native packages in files that a browser loads by way of the entries. */
export function notForBrowsers(
  files: readonly SourceFile[],
  entries: readonly string[] = BROWSER_SAFE,
): Fault[] {
  const sources = new Map(files.map((source) => [source.file, source]));
  const reached = new Set(entries);
  const faults: Fault[] = [];
  for (const file of reached) {
    const source = sources.get(file);
    const fault = (message: string) => faults.push({ key: file, message: `${file} ${message}` });
    if (source === undefined) {
      fault("is not there: name its new place in BROWSER_SAFE");
      continue;
    }
    for (const imported of importsOf(source)) {
      if (imported.typesOnly) continue;
      if (imported.file !== undefined) reached.add(imported.file);
      else if (/^node:/.test(imported.specifier) || NATIVE.test(imported.specifier)) {
        fault(`imports ${imported.specifier}, which no browser has`);
      }
    }
    if (/\bDeno\./.test(withoutComments(source.text))) fault("names Deno");
  }
  return faults;
}
