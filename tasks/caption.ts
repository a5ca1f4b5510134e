import { dirname } from "node:path";
import {
  experimentArguments,
  printJson,
  printLine,
  printTable,
  readList,
  runTask,
  type Task,
  UsageError,
} from "../lib/cli/mod.ts";
import type { Config } from "../lib/config/mod.ts";
import { findPhotos } from "../lib/datasets/mod.ts";
import { Run, RunEnsemble } from "../lib/run/mod.ts";
import {
  type CaptionedPhoto,
  captioningConfig,
  checkCaptionsFile,
  openCaptioner,
  openEnsemble,
  writeCaptions,
} from "../lib/stages/mod.ts";
import { exists, removeLeftovers } from "../lib/storage/mod.ts";

/** How the work went. */
interface Counts {
  photos: number;
  failed: number;
  photosPerSecond: number;
}

/** `deno task caption`: captions of photos, in lines or in a file. */
async function caption(task: Task): Promise<void> {
  const { experiment, options, files, runs } = await experimentArguments(
    "caption",
    "Captions photos with a trained run, a line each.",
    task,
    (command) =>
      command.option(
        "--run <run>",
        "the trained run: its name, or its folder; several caption together, by the mean of their " +
          "next-word probabilities (default: the config's own run if --config or " +
          "--name is given, otherwise the only trained run)",
        (run: string, runs: string[] = []) => [...runs, run],
      )
        .option(
          "--out <file>",
          "write the captions into this file, whole or not at all: .csv or .tsv (file, caption, " +
            "log_probability), .jsonl or .json (as --json)",
          outFile,
        )
        .option("--overwrite", "replace the file of --out, if it is there", false)
        .argument(
          "<photo...>",
          "photos, folders of photos, https://…, or - for a list on stdin; with " +
            "--encoder.features=FILE, photos that the file has features of, by name",
        ),
    ["decoding", "encoder"],
    {
      choosesRun: true,
      json: "print JSON lines on standard output, one a photo: its captions with each word's " +
        "probability, or the error why it has none",
    },
  );
  const out = options.out as string | undefined;
  if (out !== undefined) await checkFree(out, options.overwrite === true);
  const { data, say, signal, onProgress } = experiment;
  const run = options.run === undefined
    ? Run.named(experiment.config.name, data)
    : new Run(options.run as string);
  const ensemble = runs.length > 1 ? new RunEnsemble(runs, data) : undefined;
  const config = ensemble === undefined
    ? await captioningConfig(run, experiment.config)
    : experiment.config;
  if (ensemble !== undefined) await checkOwnEncoders(ensemble, config);
  const photos = await findPhotos(await listed(files, say), { say });
  if (photos.length === 0) throw new Error("There is no photo to caption");
  const counts: Counts = { photos: 0, failed: 0, photosPerSecond: 0 };
  /** Begins when the file that is to be written is known to be writable. */
  const captioned = async function* (): AsyncGenerator<CaptionedPhoto> {
    const engine = experiment.engine();
    const captioner = ensemble === undefined
      ? await openCaptioner(run, { engine, config, photos, say, onProgress })
      : await openEnsemble(ensemble, { engine, config, say, onProgress });
    await captioner.loadEncoder();
    const began = performance.now();
    for await (const one of captioner.captionAll(photos, config.decoding, { signal, onProgress })) {
      counts.photos++;
      if ("error" in one) {
        counts.failed++;
        say(`${one.photo}: ${one.error}`);
      }
      yield one;
    }
    counts.photosPerSecond = counts.photos / (performance.now() - began) * 1000;
  };
  const json = options.json === true;
  if (out === undefined) await print(captioned(), task, json);
  else await write(out, captioned(), task, json, counts);
  if (counts.failed > 0) {
    throw new Error(`${counts.failed} of ${photos.length} photos could not be captioned`);
  }
}

/** An option that sets a run's encoder would mean the wrong one among several. */
async function checkOwnEncoders({ runs }: RunEnsemble, { encoder }: Config): Promise<void> {
  const own = await Promise.all(runs.map(async (run) => (await run.readConfig()).encoder));
  if (own.some((one) => JSON.stringify(one) === JSON.stringify(encoder))) return;
  throw new UsageError(
    "Runs that caption together take their own encoders: leave --encoder. and --config out",
  );
}

function outFile(file: string): string {
  try {
    checkCaptionsFile(file);
    return file;
  } catch (error) {
    throw new UsageError(`--out: ${(error as Error).message}`);
  }
}

async function checkFree(out: string, overwrite: boolean): Promise<void> {
  if (overwrite || !await exists(out)) return;
  throw new Error(`${out} is there already: choose another --out, or --overwrite it`);
}

/** What is named on the command line; `-` stands for the list on standard input. */
async function listed(files: readonly string[], say: (line: string) => void): Promise<string[]> {
  if (!files.includes("-")) return [...files];
  if (Deno.stdin.isTerminal()) say("Type the photos' names, a line each, and end with Ctrl-D");
  const list = await readList(Deno.stdin.readable);
  return files.flatMap((file) => file === "-" ? list : [file]);
}

async function print(
  captioned: AsyncIterable<CaptionedPhoto>,
  { progress }: Task,
  json: boolean,
): Promise<void> {
  for await (const one of captioned) {
    progress.finish();
    if (json) printJson(one);
    else if ("caption" in one) printLine(one.photo, one.caption);
  }
}

async function write(
  out: string,
  captioned: AsyncIterable<CaptionedPhoto>,
  { progress, signal }: Task,
  json: boolean,
  counts: Counts,
): Promise<void> {
  await removeLeftovers(dirname(out));
  try {
    await writeCaptions(out, captioned);
  } catch (error) {
    if (signal.aborted) progress.say(`${out} is not written`);
    throw error;
  }
  progress.finish();
  if (json) return printJson({ out, ...counts });
  printTable([
    ["captions", out],
    ["photos", counts.photos],
    ["failed photos", counts.failed],
    ["photos/s", counts.photosPerSecond],
  ]);
}

await runTask(caption);
