/**
 * Speed compared with peers: `deno task bench all` measures everything; `deno task bench WHAT
 * [options]` runs one of ours and a peer's command in turn, three times, and prints the medians and
 * their ratio. On a shared machine, a figure without the peer's means nothing.
 */
import { runTask, type Task, taskCommand, UsageError } from "../lib/cli/mod.ts";
import { benchAll } from "./all.ts";
import { benchDocs } from "./docs.ts";
import { lastLine, type Line } from "./last_line.ts";
import { median } from "./median.ts";

/** Of every row at once. */
const whole: Record<string, (task: Task) => Promise<void>> = { all: benchAll, docs: benchDocs };

const measures = ["training", "features", "decoding", "open_images"];

/** These have no peer, run once and print their own tables. */
const reports = ["captions", "large_data", "serve"];

await runTask(async (task) => {
  const [what, ...rest] = task.argv;
  if (Object.hasOwn(whole, what ?? "")) return await whole[what]({ ...task, argv: rest });
  if (reports.includes(what)) return await report(what, rest);
  await compare(task);
}, { resumes: Deno.args[0] === "all" });

async function compare({ argv, signal }: Task): Promise<void> {
  const names = [...Object.keys(whole), ...measures, ...reports];
  const command = taskCommand("bench", "Measures speed, in turn with a peer.")
    .argument("<what>", names.join(", "))
    .option("--peer <command>", "prints a JSON line with the same figure (default: ours alone)")
    .option("--rounds <n>", "runs of each", "3")
    .allowUnknownOption()
    .allowExcessArguments(true);
  command.parse(argv, { from: "user" });
  const { peer, rounds } = command.opts<{ peer?: string; rounds: string }>();
  const [what, ...rest] = command.args;
  if (!measures.includes(what)) {
    throw new UsageError(`There is no benchmark "${what}": begin with one of ${names.join(", ")}`);
  }
  const ours: Line[] = [];
  const theirs: Line[] = [];
  for (let round = 0; round < Number(rounds); round++) {
    ours.push(await lastLine([Deno.execPath(), ...ourProgram(what), ...rest], { signal }));
    console.error(JSON.stringify(ours.at(-1)));
    if (peer === undefined) continue;
    theirs.push(await lastLine(peer.split(" "), { signal }));
    console.error(JSON.stringify(theirs.at(-1)));
  }
  const figure = Object.keys(ours[0]).find((key) => key.endsWith("PerSecond"))!;
  const middle = (lines: Line[]) => median(lines.map((line) => Number(line[figure])));
  const result: Line = { what, figure, ours: middle(ours) };
  if (theirs.length > 0) {
    result.peer = middle(theirs);
    result.ratio = Number((middle(ours) / middle(theirs)).toFixed(2));
  }
  console.log(JSON.stringify(result));
}

async function report(what: string, args: string[]): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [...ourProgram(what), ...args],
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`bench/${what}.ts failed`);
}

function ourProgram(what: string): string[] {
  return ["run", "-q", "-A", new URL(`./${what}.ts`, import.meta.url).pathname];
}
