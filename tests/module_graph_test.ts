import { fileURLToPath, pathToFileURL } from "node:url";
import { assert, assertEquals } from "./assert.ts";
import { granted } from "./permissions.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const ignore = !granted("read", "write", "run");
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });

/** What runs in a browser too. */
const BROWSER = ["text", "metrics", "plots", "nn", "models", "decoding", "random", "safetensors"]
  .map((room) => `lib/${room}/mod.ts`)
  .concat("lib/encoders/networks.ts");

/** Packages with native code, or as large. */
const NATIVE_ONLY = /^npm:\/?(sharp|nodejs-polars|h5wasm|@tensorflow\/tfjs-node)/;

/** Packages that no browser has a use for. */
const NATIVE = new RegExp(`${NATIVE_ONLY.source}|^npm:\\/?(cli-progress|commander|yauzl)`);

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

/** Everything that is imported to run, with who imports it; types do not run. */
function* imports(modules: Module[], { dynamic }: { dynamic: boolean }) {
  for (const { specifier: from, dependencies = [] } of modules) {
    for (const { code, isDynamic, specifier } of dependencies) {
      if (code === undefined || (isDynamic && !dynamic)) continue;
      yield {
        from: from.replace(/^.*?\/(lib|tasks|tests)\//, "$1/"),
        to: code.specifier,
        specifier,
      };
    }
  }
}

async function filesOf(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${root}${folder}`)) {
    if (isDirectory) files.push(...await filesOf(`${folder}/${name}`));
    else if (name.endsWith(".ts")) files.push(`${folder}/${name}`);
  }
  return files.sort();
}

async function rooms(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${root}lib`)) {
    if (isDirectory) names.push(name);
  }
  return names.sort();
}

test("rooms for the browser import no Deno, no node:, no native package", async () => {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      entry,
      BROWSER.map((file) => `import "${pathToFileURL(root + file)}";\n`).join(""),
    );
    const modules = await graph(entry);
    const own = modules.filter(({ specifier }) => specifier.includes("/lib/"));
    assert(own.length > 40, `${own.length}`);
    const wrong = [...imports(own, { dynamic: true })]
      .filter(({ to }) => /^node:/.test(to) || NATIVE.test(to));
    assertEquals(wrong, []);
    for (const { specifier } of own) {
      const text = await Deno.readTextFile(new URL(specifier));
      const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      assert(!/\bDeno\./.test(code), `${specifier} names Deno`);
    }
  } finally {
    await Deno.remove(entry);
  }
});

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
    const { success, stderr } = await deno("check", "--quiet", "--config", config, ...BROWSER);
    assert(success, stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("a room is imported by others only through its mod.ts", async () => {
  const wrong: string[] = [];
  for (const file of [...await filesOf("lib"), ...await filesOf("tasks")]) {
    const room = file.startsWith("lib/") ? file.split("/")[1] : "";
    const text = await Deno.readTextFile(`${root}${file}`);
    const named = text.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+\.ts)"/g);
    for (const [, specifier] of named) {
      const { pathname } = new URL(specifier, `file:///${file}`);
      const [, lib, other, ...inner] = pathname.split("/");
      if (lib === "lib" && other !== room && inner.join("/") !== "mod.ts") {
        wrong.push(`${file} imports ${specifier}`);
      }
    }
  }
  assertEquals(wrong, []);
});

test("importing a room loads no native package", async () => {
  for (const room of await rooms()) {
    const modules = await graph(`lib/${room}/mod.ts`);
    const loaded = reachedStatically(modules, `${root}lib/${room}/mod.ts`);
    assert(loaded.length > 1 || ["random", "listener"].includes(room), room);
    const wrong = [...imports(loaded, { dynamic: false })]
      .filter(({ from, to }) => from.startsWith("lib/") && NATIVE_ONLY.test(to));
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
