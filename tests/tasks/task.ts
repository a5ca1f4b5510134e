import { fileURLToPath } from "node:url";
import { granted } from "../permissions.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Tasks write, load native code and start processes. */
export const ignore = !granted("read", "write", "run", "env", "ffi", "sys", "net");

/** A config that trains in a second. */
export const tiny = {
  name: "tiny",
  description: "for tests",
  dataset: { kind: "shapes", train: 60, dev: 10, test: 10, size: 48 },
  encoder: { kind: "shapes_cnn", shardSize: 16, batchSize: 8 },
  model: { kind: "merge", embedding: 16, units: 16, dense: 16 },
  training: { epochs: 2, batchSize: 32, learningRate: 0.01 },
};

/** A temporary working folder with `tiny.json` in it, gone afterwards. */
export async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "showtell-test-" });
  try {
    await Deno.writeTextFile(`${folder}/tiny.json`, JSON.stringify(tiny));
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What a task printed, and how it ended. */
export interface Outcome {
  code: number;
  out: string;
  err: string;
}

/**
 * The arguments with which `deno` runs a task as deno.json has it, with its permissions, after its
 * check of Deno's version.
 */
async function taskArguments(
  name: string,
  args: string[],
  home = Deno.env.get("HOME")!,
): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  const [command, ...words] = tasks[name].command
    .split(" && ").at(-1)
    .replaceAll("$HOME", home)
    .split(" ") as string[];
  if (command !== "deno") throw new Error(`The task ${name} is not a deno command`);
  const script = words.pop()!;
  return [...words, "--no-prompt", "--no-check", `--config=${root}deno.json`, `${root}${script}`]
    .concat(args);
}

/** Starts a `deno task` in a working folder. */
export async function start(folder: string, name: string, ...args: string[]) {
  return new Deno.Command(Deno.execPath(), {
    args: await taskArguments(name, args),
    cwd: folder,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Starts a `deno task` in a terminal of so many columns: what is written to it are its keys. */
export async function startInTerminal(
  folder: string,
  columns: number,
  name: string,
  ...args: string[]
) {
  const words = [Deno.execPath(), ...await taskArguments(name, args)];
  const command = words.map((word) => `'${word}'`).join(" ");
  return new Deno.Command("script", {
    args: ["-qec", `stty cols ${columns} rows 30; exec ${command}`, "/dev/null"],
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

/** Runs a `deno task` to its end. */
export async function run(folder: string, name: string, ...args: string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await (await start(folder, name, ...args)).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Runs a `deno task` to its end with a text on its standard input. */
export async function runWithInput(
  input: string,
  folder: string,
  name: string,
  ...args: string[]
): Promise<Outcome> {
  const child = new Deno.Command(Deno.execPath(), {
    args: await taskArguments(name, args),
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Runs a `deno task` to its end in a changed environment. */
export async function runWith(
  env: Record<string, string>,
  folder: string,
  name: string,
  ...args: string[]
): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: await taskArguments(name, args, env.HOME),
    cwd: folder,
    env,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Runs a task that must succeed, and returns what its `--json` printed. */
// deno-lint-ignore no-explicit-any -- each task has its own document
export async function json(folder: string, name: string, ...args: string[]): Promise<any> {
  const { code, out, err } = await run(folder, name, ...args, "--json");
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${err}`);
  if (out.trim().split("\n").length !== 1) throw new Error(`Not one document: ${out}`);
  return JSON.parse(out);
}

/** Every file under a folder, sorted, relative to it. */
export async function filesUnder(folder: string, inner = ""): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${inner}`)) {
    const path = inner === "" ? name : `${inner}/${name}`;
    files.push(...(isDirectory ? await filesUnder(folder, path) : [path]));
  }
  return files.sort();
}
