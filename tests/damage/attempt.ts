import { fileURLToPath } from "node:url";
import { cellText, readNotebook } from "../../lib/notebook/check/notebook_file.ts";
import { run } from "../tasks/task.ts";
import type { Work } from "./works.ts";
import type { World } from "./world.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Milliseconds after which a work counts as hanging. */
const PATIENCE = 120_000;

/** How a work ended. */
export interface Attempt {
  /** The error's sentence; undefined if it succeeded. */
  error?: string;
  /** Lines that it said. */
  said: string[];
  /** What must be equal, if it succeeded. */
  result?: unknown;
  /** Files that it wrote, relative to the working folder. */
  changed?: ReadonlySet<string>;
}

/** Does a work, in this process or as a user does. */
export async function attempt(world: World, work: Work, isReal: boolean): Promise<Attempt> {
  const { here, task, notebook } = work;
  const done = notebook !== undefined
    ? await runCells(world, notebook)
    : isReal || here === undefined
    ? await runTask(world, task!)
    : await runHere(world, here);
  const { printed, ...ended } = done;
  if (ended.error !== undefined) return ended;
  try {
    return { ...ended, result: await work.result(world, printed) };
  } catch (error) {
    return { ...ended, result: `unreadable: ${(error as Error).message}` };
  }
}

type Ended = Omit<Attempt, "result"> & { printed?: unknown };

async function runHere(world: World, here: Required<Work>["here"]): Promise<Ended> {
  const said: string[] = [];
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("(hangs)")), PATIENCE);
  try {
    const printed = await Promise.race([
      here(world, (line) => void said.push(line)),
      late.promise,
    ]);
    return { said, printed: JSON.parse(JSON.stringify(printed ?? null)) };
  } catch (error) {
    return { said, error: String((error as Error).message) };
  } finally {
    clearTimeout(timer);
  }
}

async function runTask(world: World, [name, ...args]: readonly string[]): Promise<Ended> {
  const { code, out, err } = await run(world.folder, name, ...args);
  const said = err.trimEnd().split("\n");
  if (code === 0) {
    const json = args.includes("--json");
    return { said, printed: json ? JSON.parse(out) : undefined };
  }
  const at = said.findIndex((line) => line.startsWith("Error: "));
  const error = said.slice(at).join("\n").replace(/^Error: /, "");
  return { said: said.slice(0, at), error: code === 1 ? error : `exit code ${code}: ${error}` };
}

/** All cells of a notebook as one program, which prints what the notebook shows as text. */
async function runCells(world: World, name: string): Promise<Ended> {
  const { cells } = await readNotebook(`${root}notebooks/${name}.ipynb`);
  const code = cells.filter((cell) => cell.cell_type === "code").map(cellText).join("\n")
    .replaceAll('"../lib/', `"${root}lib/`);
  const script = `${world.folder}/../${name}.ts`;
  await Deno.writeTextFile(script, `${code}\nDeno.exit(0);\n`);
  const { code: exit, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "-q", "--no-check", `--config=${root}deno.json`, script],
    env: {
      NO_COLOR: "1",
      SHOWTELL_CONFIG: `${world.folder}/tiny.json`,
      SHOWTELL_DATA: `${world.folder}/data`,
    },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  const said = text.decode(stdout).trimEnd().split("\n");
  if (exit === 0) return { said };
  const [first] = text.decode(stderr).split(/\n\s{4}|\n\nCaused by|\nCaused by/); // then code and stack
  return {
    said,
    error: first.replace(/^error: Uncaught (\(in promise\) )?(\w*Error|Settings): /, "").trim(),
  };
}
