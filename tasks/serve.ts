import { startCaptionEngine } from "../app/engine/mod.ts";
import { readExamplePhotos } from "../app/examples/photos.ts";
import { bundlePage } from "../app/page/bundle_page.ts";
import { createServer, listen, LOOPBACK_NAMES } from "../app/server/mod.ts";
import {
  chosenRuns,
  printError,
  printJson,
  printLine,
  runTask,
  taskCommand,
  UsageError,
} from "../lib/cli/mod.ts";
import { tidyData } from "../lib/stages/mod.ts";

const DATA = "data";
const LOOPBACK = "127.0.0.1";

/** Seconds that accepted requests may still take after an interrupt. */
const DRAIN_SECONDS = 30;

await runTask(async ({ argv, progress, signal }) => {
  const many = (value: string, before: string[]) => [...before, value];
  const command = taskCommand("serve", "Serves a page that captions photos, and its JSON API.")
    .option("--run <run>", "a trained run: its name, or its folder; given again for more", many, [])
    .option(
      "--port <port>",
      "where it listens; 0: any that is free",
      wholeNumber("port", 0, 65535),
      8000,
    )
    .option("--host <address>", "address that it listens on; 0.0.0.0: all", LOOPBACK)
    .option(
      "--allow-host <name>",
      "a name under which it may be asked for besides this machine's own; given again for more " +
        "(with another --host and none named: any)",
      many,
      [],
    )
    .option("--allow-urls", "photos may be given by web address, never a private one", false)
    .option(
      "--allow-private <host:port>",
      "a host on this machine or network whose photos may be fetched all the same, with " +
        "--allow-urls; given again for more",
      many,
      [],
    )
    .option("--trust-proxy", "the client is the last of X-Forwarded-For, which a proxy sets", false)
    .option(
      "--queue <photos>",
      "photos accepted and not answered at most",
      wholeNumber("queue", 1),
      256,
    )
    .option("--latency <seconds>", "how long a photo should wait at most", seconds, 2)
    .option("--json", "print one JSON document on standard output", false)
    .parse(argv, { from: "user" });
  const options = command.opts();
  if (options.allowPrivate.length > 0 && !options.allowUrls) {
    throw new UsageError("--allow-private needs --allow-urls: without it no address is fetched");
  }
  const say = (line: string) => progress.say(line);
  await tidyData(DATA, { say });
  const runs = await chosenRuns(options.run, DATA, say);
  const [page, examples, engine] = await Promise.all([
    bundlePage(),
    readExamplePhotos(),
    startCaptionEngine({
      runs: runs.map(({ folder }) => folder),
      data: DATA,
      say,
      onProgress: (stage, done, total, note) => progress.show(stage, done, total, note),
    }),
  ]);
  const isLocal = [options.host, `[${options.host}]`].some((name) => LOOPBACK_NAMES.includes(name));
  const server = createServer({
    engine,
    page,
    examples,
    urls: options.allowUrls && { privateHosts: options.allowPrivate },
    hosts: [...LOOPBACK_NAMES, ...options.allowHost],
    anyHost: !isLocal && options.allowHost.length === 0,
    trustForwarded: options.trustProxy,
    onFault: printError,
    limits: { queuedPhotos: options.queue, latencySeconds: options.latency },
  });
  const listening = listenAt(options.host, options.port);
  giveUp(options.allowUrls ? ["run", "write"] : ["run", "write", "net"]);
  progress.finish();
  const models = engine.models.map(({ name }) => name);
  if (options.json) printJson({ url: listening.url, models });
  else printLine(`${models.join(", ")} at ${listening.url} (Ctrl-C stops it)`);
  const interrupted = new Promise<undefined>((resolve) =>
    signal.addEventListener("abort", () => resolve(undefined))
  );
  const failure = await Promise.race([interrupted, engine.failed]);
  if (failure !== undefined) throw failure;
  say("Answering what was accepted; nothing new is taken");
  await listening.stop();
  await engine.dispose();

  function listenAt(hostname: string, port: number) {
    try {
      return listen(server, { hostname, port, drainSeconds: DRAIN_SECONDS });
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) {
        throw new Error(`Port ${port} is taken: stop what listens there, or choose another --port`);
      }
      const { message } = error as Error;
      throw new Error(
        `Cannot listen on ${hostname}, port ${port} (${message}): choose another --host or --port`,
      );
    }
  }
}, { grace: (DRAIN_SECONDS + 5) * 1000, untilInterrupted: true });

/**
 * What is not needed from here on: a fault in what reads photos would have it otherwise. A process
 * and its workers have their permissions together.
 */
function giveUp(names: Deno.PermissionName[]): void {
  for (const name of names) Deno.permissions.revokeSync({ name } as Deno.PermissionDescriptor);
}

function wholeNumber(
  option: string,
  least: number,
  most = Infinity,
): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (value !== "" && Number.isInteger(number) && number >= least && number <= most) {
      return number;
    }
    const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new UsageError(`--${option} is "${value}"; it must be a whole number ${range}`);
  };
}

function seconds(value: string): number {
  if (Number(value) > 0) return Number(value);
  throw new UsageError(`--latency is "${value}"; it must be a number of seconds above 0`);
}
