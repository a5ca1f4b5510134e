import { basename } from "node:path";
import {
  describeFile,
  fileFacts,
  printJson,
  printLine,
  printTable,
  runTask,
  splitOverrides,
  taskCommand,
  UsageError,
} from "../lib/cli/mod.ts";
import { configKeys, describeConfig } from "../lib/config/mod.ts";
import {
  type FileOf,
  findMarkers,
  importTokenizer,
  type RecognisedFile,
  recogniseFile,
  sameTokenizer,
} from "../lib/interchange/mod.ts";
import { importRun, tidyData, tokenizerOptions } from "../lib/stages/mod.ts";
import { checkContent, readInput, unlessNotFound } from "../lib/storage/mod.ts";
import { decodeUtf8, shellWord } from "../lib/text/mod.ts";

await runTask(async ({ argv, progress }) => {
  const { overrides, rest } = splitOverrides(argv);
  const command = taskCommand(
    "import",
    "Identifies a Keras project's files and creates a run from them.",
    configKeys,
  )
    .argument(
      "<file...>",
      "model (.h5, .keras, weights with model.json), tokenizer (pickle, JSON, word dictionary), features",
    )
    .allowExcessArguments(true)
    .option("--name <name>", "name of the run (default: the model file's)")
    .option("--overwrite", "delete an existing run of this name first", false)
    .option(
      "--trained-on <file>",
      "names of the photos that the model was trained on, one per line",
    )
    .option("--json", "print one JSON document on standard output", false)
    .addHelpText(
      "after",
      () =>
        "\nWords that begin and end captions are found among the tokenizer's; others are named by\n" +
        "--text.markers.start=WORD --text.markers.end=WORD. A dictionary of words and indices\n" +
        "(wordtoix.pkl, with or without ixtoword.pkl; JSON) stands for a tokenizer. How captions were\n" +
        "cleaned is not in the files: --text.cleaning= tells it.\n" +
        `\nKeys of the run's config, each set by --KEY=VALUE:\n${describeConfig()}`,
    );
  command.parse(rest, { from: "user" });
  const { name, overwrite, trainedOn, json } = command.opts();
  const say = (line: string) => progress.say(line);
  const files: RecognisedFile[] = [];
  for (const path of command.args) {
    const file = await recogniseFile(path, { beside: command.args, told: toldOf(overrides) });
    files.push(file);
    if (!json) printLine(path, describeFile(file, markersOf(file, overrides)));
  }
  const [model, tokenizer, features] = [
    only(files, "model"),
    tokenizerIn(files),
    only(files, "features"),
  ];
  if (model === undefined || tokenizer === undefined) {
    for (const line of useOf(files, model, tokenizer, features)) say(line);
    if (tokenizer !== undefined) sayNotes(tokenizer, overrides, say);
    if (json) printJson({ files: files.map(fileFacts), run: null });
    return;
  }
  await tidyData("data", { say });
  const imported = await importRun({ data: "data", say }, {
    model,
    tokenizer,
    features,
    overrides,
    name: name ?? nameOf(model.path),
    overwrite,
    trainedOn: trainedOn === undefined ? undefined : await readNames(trainedOn),
  });
  const { run: { folder: run }, config, parameters, notes } = imported;
  progress.finish();
  for (const note of notes) say(note);
  if (json) {
    const encoder = config.encoder.kind;
    printJson({ files: files.map(fileFacts), run, encoder, parameters, notes });
    return;
  }
  const { kind, features: file } = config.encoder;
  const isNone = kind === "features";
  printTable([
    ["run", run],
    ["encoder", isNone ? `none, features from ${file ?? "a file"}` : kind],
    ["parameters", parameters],
  ]);
  const option = isNone && file === undefined ? "--encoder.features=FILE " : "";
  printLine(`deno task caption --run ${shellWord(run)} ${option}PHOTO.jpg`);
});

function only<Kind extends RecognisedFile["kind"]>(
  files: readonly RecognisedFile[],
  kind: Kind,
): FileOf<Kind> | undefined {
  const [first, second] = files.filter((file) => file.kind === kind);
  if (second === undefined) return first as FileOf<Kind> | undefined;
  const what = kind === "features" ? "files of features" : `${kind}s`;
  throw new UsageError(
    `${first.path} and ${second.path} are both ${what}: import them one at a time`,
  );
}

/** The only tokenizer; dictionaries of the same words may lie beside it. */
function tokenizerIn(files: readonly RecognisedFile[]): FileOf<"tokenizer"> | undefined {
  const all = files.filter((file) => file.kind === "tokenizer");
  if (all.length === 0) return undefined;
  only(all.filter(({ tokenizer }) => tokenizer.format !== "dictionary"), "tokenizer");
  const tokenizer = sameTokenizer(all.map(({ tokenizer }) => tokenizer));
  return all.find((file) => file.tokenizer === tokenizer);
}

/** What a tokenizer's file leaves open, or why no run can be made of it. */
function sayNotes(
  { tokenizer }: FileOf<"tokenizer">,
  overrides: readonly string[],
  say: (line: string) => void,
): void {
  try {
    for (const note of importTokenizer(tokenizer, tokenizerOptions(overrides)).notes) say(note);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    say(error.message);
  }
}

/** What the user says of a model whose file holds weights alone. */
function toldOf(overrides: readonly string[]): Record<string, string> {
  const pairs = overrides.map((override) => /^model\.(\w+)=(.*)$/.exec(override))
    .filter((match) => match !== null);
  return Object.fromEntries(pairs.map(([, key, value]) => [key, value]));
}

function markersOf(
  file: RecognisedFile,
  overrides: readonly string[],
): readonly string[] | undefined {
  if (file.kind !== "tokenizer") return undefined;
  const { keras, own } = file.tokenizer;
  try {
    const { start, end } = own?.settings.markers ??
      findMarkers(keras, file.path, tokenizerOptions(overrides).markers);
    return [start, end];
  } catch (error) {
    if (error instanceof RangeError) return undefined; // reported when a run is created from it
    throw error;
  }
}

/** What to do with files that are not enough for a run. */
function useOf(
  files: readonly RecognisedFile[],
  model: FileOf<"model"> | undefined,
  tokenizer: FileOf<"tokenizer"> | undefined,
  features: FileOf<"features"> | undefined,
): string[] {
  const lines: string[] = [];
  const layers = files.find(({ kind }) => kind === "architecture");
  if (model === undefined && layers !== undefined) {
    lines.push(
      `${layers.path} has the model's layers without its weights: import it along with the file of ` +
        `weights: deno task import WEIGHTS ${
          tokenizer === undefined ? "TOKENIZER" : shellWord(tokenizer.path)
        } ` +
        shellWord(layers.path),
    );
  } else if (model !== undefined) {
    lines.push(
      `To create a run, import ${model.path} with its tokenizer: ` +
        `deno task import ${shellWord(model.path)} TOKENIZER`,
    );
  }
  if (tokenizer !== undefined && layers === undefined) {
    lines.push(
      `To create a run, import ${tokenizer.path} with its model: ` +
        `deno task import MODEL ${shellWord(tokenizer.path)}`,
    );
  }
  if (features !== undefined) {
    lines.push(
      `To use ${features.path} instead of encoding photos: deno task train --config CONFIG ` +
        `--encoder.features=${shellWord(features.path)}, or ` +
        `"encoder": { …, "features": ${JSON.stringify(features.path)} } ` +
        "in the config",
    );
  }
  return lines;
}

function nameOf(path: string): string {
  const name = basename(path).replace(/(\.weights)?\.(h5|hdf5|keras)$/i, "")
    .replace(/[^\w.-]+/g, "_").replace(/^[^A-Za-z0-9]+/, "");
  return `imported_${name || "model"}`;
}

async function readNames(path: string): Promise<string[]> {
  const bytes = await readInput(path, 1 << 28).catch(unlessNotFound);
  if (bytes === undefined) {
    throw new UsageError(
      `--trained-on: there is no file ${path}: put it there, or leave the option out`,
    );
  }
  checkContent(path, bytes, "a list of names, one per line,", ["text"]);
  const names = decodeUtf8(bytes, path).split("\n").map((line) => line.trim())
    .filter((line) => line !== "");
  if (names.length > 0) return names;
  // Recorded as empty, it would let all photos be scored.
  throw new UsageError(
    `--trained-on: ${path} is empty: put a photo's name on each line, or leave the option out`,
  );
}
