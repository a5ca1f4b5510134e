import { fileURLToPath, pathToFileURL } from "node:url";
import { assert, assertEquals } from "./assert.ts";
import { BROWSER_SAFE } from "./floors.ts";
import { granted } from "./permissions.ts";
import { importsOf, roomOf, sourceFiles } from "./source_files.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const ignore = !granted("read", "write", "run");
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });

/** Packages with native code, or as large as one. */
const NATIVE = /^npm:\/?(sharp|nodejs-polars|h5wasm|@tensorflow\/tfjs-node)/;

interface Module {
  specifier: string;
  dependencies?: {
    specifier: string;
    isDynamic?: boolean;
    code?: { specifier: string };
    type?: { specifier: string };
  }[];
}

async function graph(file: string): Promise<Module[]> {
  const { success, stdout, stderr } = await deno("info", "--json", "--config", "deno.json", file);
  if (!success) throw new Error(stderr);
  return JSON.parse(stdout).modules;
}

async function deno(...args: string[]) {
  const command = new Deno.Command(Deno.execPath(), { args, cwd: root, stdin: "null" });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function rooms(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${root}lib`)) {
    if (isDirectory) names.push(name);
  }
  return names.sort();
}

test("rooms for the browser type-check with the browser's library", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { imports } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
    const config = `${folder}/deno.json`;
    const compilerOptions = { strict: true, lib: ["esnext", "dom", "dom.iterable"] };
    await Deno.writeTextFile(
      config,
      JSON.stringify({ imports, compilerOptions, nodeModulesDir: "none" }),
    );
    const { success, stderr } = await deno("check", "--quiet", "--config", config, ...BROWSER_SAFE);
    assert(success, stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("a room is imported by others only through its mod.ts, or its part for browsers", async () => {
  const wrong: string[] = [];
  for (const source of await sourceFiles("lib", "app", "tasks", "notebooks")) {
    for (const { file, specifier } of importsOf(source)) {
      if (file === undefined || !file.startsWith("lib/")) continue;
      const room = roomOf(file);
      if (room !== roomOf(source.file) && !isDoor(file, room)) {
        wrong.push(`${source.file} imports ${specifier}`);
      }
    }
  }
  assertEquals(wrong, []);
});

/** A room's `mod.ts`, or the part of the room that a browser can load. */
function isDoor(file: string, room: string): boolean {
  return file === `lib/${room}/mod.ts` || BROWSER_SAFE.includes(file);
}

test("importing a room loads no native package", async () => {
  for (const room of await rooms()) {
    const modules = await graph(`lib/${room}/mod.ts`);
    const loaded = reachedStatically(modules, `${root}lib/${room}/mod.ts`);
    assert(loaded.length > 1 || ["random", "progress"].includes(room), room);
    const wrong = loaded.filter(({ specifier }) => specifier.includes("/lib/"))
      .flatMap(({ specifier: from, dependencies = [] }) =>
        dependencies.filter(({ code, isDynamic }) =>
          !isDynamic && NATIVE.test(code?.specifier ?? "")
        ).map(({ specifier }) => `${from} imports ${specifier}`)
      );
    assertEquals(wrong, [], room);
  }
});

/** The graph without the modules behind a dynamic import, which do not load with the first. */
function reachedStatically(modules: Module[], first: string): Module[] {
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const reached = new Set([pathToFileURL(first).href]);
  for (const specifier of reached) {
    for (const { code, isDynamic } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (code !== undefined && !isDynamic) reached.add(code.specifier);
    }
  }
  return modules.filter(({ specifier }) => reached.has(specifier));
}
