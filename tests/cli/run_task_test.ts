import { assert, assertEquals } from "../assert.ts";
import { granted } from "../permissions.ts";

const ignore = !granted("read", "write", "run");
const runTask = new URL("../../lib/cli/mod.ts", import.meta.url).href;
const config = new URL("../../deno.json", import.meta.url);

/** Runs `main` (source text) as a task; `during` may signal it once it has written a line. */
async function task(main: string, args: string[], during?: (child: Deno.ChildProcess) => void) {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      file,
      `import { runTask, UsageError } from ${JSON.stringify(runTask)}; void UsageError;\n${main}`,
    );
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", "--no-check", `--config=${config.pathname}`, file]
        .concat(args),
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const [out, err, { code }] = await Promise.all([
      read(child.stdout, () => {
        during?.(child);
        during = undefined;
      }),
      read(child.stderr),
      child.status,
    ]);
    return { code, out, err };
  } finally {
    await Deno.remove(file);
  }
}

async function read(stream: ReadableStream<Uint8Array>, onText?: () => void) {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream() as never)) {
    text += part;
    onText?.();
  }
  return text;
}

const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore, fn });

test("runTask() exits 0 at the end of main, also with timers left", async () => {
  const { code, out } = await task(
    `await runTask(async ({ argv }) => { setInterval(() => {}, 1e6); console.log(argv.join()); });`,
    ["a", "b"],
  );
  assertEquals([code, out], [0, "a,b\n"]);
});

test("runTask() exits 1 with the error's sentence, the stack only with --debug", async () => {
  const main = `await runTask(async () => { throw new RangeError("Too much of it"); });`;
  const plain = await task(main, []);
  assertEquals([plain.code, plain.out, plain.err], [1, "", "Error: Too much of it\n"]);
  const debug = await task(main, ["--debug"]);
  assertEquals(debug.code, 1);
  assert(debug.err.includes("RangeError") && debug.err.includes("    at "), debug.err);
});

test("runTask() exits 1 after a rejection that nobody awaits", async () => {
  const { code, err } = await task(
    `await runTask(() => { Promise.reject(new Error("Lost")); return new Promise((r) => setTimeout(r, 5000)); });`,
    [],
  );
  assertEquals([code, err], [1, "Error: Lost\n"]);
});

test("runTask() exits 2 after a UsageError", async () => {
  const { code, err } = await task(
    `await runTask(async () => { throw new UsageError("Beam must be 1 or more"); });`,
    [],
  );
  assertEquals(code, 2);
  assert(err.startsWith("Error: Beam must be 1 or more\n") && err.includes("--help"), err);
});

for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  test(`runTask() exits ${exit} after ${signal}`, async () => {
    const waits =
      `await runTask(() => { console.log("on"); return new Promise((r) => setTimeout(r, 20000)); }, { grace: 100 });`;
    assertEquals((await task(waits, [], (child) => child.kill(signal))).code, exit);
  });
}

test("runTask() with a grace lets main end after its signal is aborted", async () => {
  const main = `await runTask(async ({ signal }) => {
    console.log("on");
    await new Promise((r) => signal.addEventListener("abort", r));
    console.log("tidied");
    signal.throwIfAborted();
  }, { grace: 20000 });`;
  const { code, out, err } = await task(main, [], (child) => child.kill("SIGINT"));
  assertEquals([code, out, err], [130, "on\ntidied\n", "Interrupted.\n"]);
});

const tidiesIn = (milliseconds: number) =>
  `await runTask(async ({ signal }) => {
    console.log("on");
    await new Promise((r) => signal.addEventListener("abort", r));
    await new Promise((r) => setTimeout(r, ${milliseconds}));
    console.log("tidied");
  }, { grace: 20000 });`;

test("runTask() takes an interrupt that comes twice, as by deno task, for one", async () => {
  const { code, out } = await task(tidiesIn(500), [], (child) => {
    child.kill("SIGINT");
    setTimeout(() => child.kill("SIGINT"), 100);
  });
  assertEquals([code, out], [130, "on\ntidied\n"]);
});

test("runTask() ends at once by a second interrupt that comes later", async () => {
  const { code, out } = await task(tidiesIn(15_000), [], (child) => {
    child.kill("SIGINT");
    setTimeout(() => child.kill("SIGINT"), 1500);
  });
  assertEquals([code, out], [130, "on\n"]);
});
