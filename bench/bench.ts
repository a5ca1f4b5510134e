/**
 * Speed compared with a peer: `deno task bench -- WHAT [options]` runs ours and the peer's command in
 * turn, three times, and prints the medians and their ratio. On a shared machine, a figure without
 * the peer's means nothing.
 */
import { runTask, taskCommand, UsageError } from "../lib/cli/mod.ts";

const measures = ["training", "features", "decoding", "open_images"];

/** These have no peer, run once and print their own tables. */
const reports = ["captions", "large_data", "serve"];

await runTask(async ({ argv }) => {
  const command = taskCommand("bench", "Measures speed, in turn with a peer.")
    .argument("<what>", [...measures, ...reports].join(", "))
    .option("--peer <command>", "prints a JSON line with the same figure (default: ours alone)")
    .option("--rounds <n>", "runs of each", "3")
    .allowUnknownOption()
    .allowExcessArguments(true);
  command.parse(argv, { from: "user" });
  const { peer, rounds } = command.opts<{ peer?: string; rounds: string }>();
  const [what, ...rest] = command.args;
  if (![...measures, ...reports].includes(what)) {
    throw new UsageError(
      `There is no benchmark "${what}": name one of ${[...measures, ...reports].join(", ")}`,
    );
  }
  const script = new URL(`./${what}.ts`, import.meta.url).pathname;
  if (reports.includes(what)) return await report(script, rest);
  const ours: Record<string, number>[] = [];
  const theirs: Record<string, number>[] = [];
  for (let round = 0; round < Number(rounds); round++) {
    ours.push(await lastLine(Deno.execPath(), ["run", "-q", "-A", script, ...rest]));
    console.error(JSON.stringify(ours.at(-1)));
    if (peer === undefined) continue;
    const [program, ...args] = peer.split(" ");
    theirs.push(await lastLine(program, args));
    console.error(JSON.stringify(theirs.at(-1)));
  }
  const figure = Object.keys(ours[0]).find((key) => key.endsWith("PerSecond"))!;
  const median = (runs: Record<string, number>[]) =>
    runs.map((run) => run[figure]).toSorted((a, b) => a - b)[Math.floor(runs.length / 2)];
  const result: Record<string, number | string> = { what, figure, ours: median(ours) };
  if (theirs.length > 0) {
    result.peer = median(theirs);
    result.ratio = Number((median(ours) / median(theirs)).toFixed(2));
  }
  console.log(JSON.stringify(result));
});

async function lastLine(program: string, args: string[]): Promise<Record<string, number>> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) throw new Error(`${program} failed: ${text(stderr).split("\n").at(-1)}`);
  return JSON.parse(text(stdout).split("\n").at(-1)!);
}

async function report(script: string, args: string[]): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", script, ...args],
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${script} failed`);
}
