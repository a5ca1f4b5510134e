import { join } from "node:path";
import { type CaptionRow, readDataset } from "../datasets/mod.ts";
import { digestFile, digestJson, isUpToDate, recordStage, writeFileWhole } from "../storage/mod.ts";
import {
  fitTokenizer,
  type TextSettings,
  type Tokenizer,
  tokenizerFromJson,
  tokenizerToJson,
} from "../text/mod.ts";
import { checkRun, type Experiment, openRun, runFolder } from "./experiment.ts";
import { freeMemory } from "./free_memory.ts";
import { prepareData } from "./prepare_data.ts";

const STAGE = "tokenizer";

/** The tokenizer's file in a run's folder. */
export const TOKENIZER = "tokenizer.json";

/** What stage 3 made. */
export interface BuiltTokenizer {
  /** The run's folder. */
  run: string;
  /** The tokenizer. */
  tokenizer: Tokenizer;
}

/**
 * Stage 3: captions → `tokenizer.json` in the run's folder.
 *
 * @param overwrite deletes the run of this name, by whatever config it was made
 */
export async function buildTokenizer(
  experiment: Experiment,
  overwrite = false,
): Promise<BuiltTokenizer> {
  if (!overwrite) await checkRun(experiment); // before any work
  const { folder: dataset } = await prepareData(experiment);
  const { config: { text, training }, say } = experiment;
  const inputs = await tokenizerInputs(text, dataset, training.from);
  if (!overwrite && await isUpToDate(runFolder(experiment), STAGE, inputs)) {
    const run = await openRun(experiment);
    const tokenizer = await readTokenizer(run);
    say(`The tokenizer is built: ${tokenizer.vocabularySize} words`);
    return { run, tokenizer };
  }
  const tokenizer = training.from === undefined
    ? fitTokenizer(captionsToFit((await readDataset(dataset)).captions, text), text)
    : await tokenizerOf(training.from, text);
  freeMemory();
  // Only now: a config that cannot be fitted leaves no run behind, and deletes none.
  const run = await openRun(experiment, overwrite);
  await saveTokenizer(run, tokenizer, dataset, training.from);
  say(`Tokenizer built: ${tokenizer.vocabularySize} words`);
  return { run, tokenizer };
}

async function tokenizerInputs(
  text: TextSettings,
  dataset: string,
  from: string | undefined,
): Promise<unknown> {
  return from === undefined
    ? { text, captions: await digestFile(join(dataset, "captions.parquet")) }
    : { text, from: await digestFile(join(from, TOKENIZER)) };
}

/**
 * The tokenizer of the run that training starts from.
 *
 * @throws {Error} if the config would have another one
 */
async function tokenizerOf(from: string, text: TextSettings): Promise<Tokenizer> {
  const tokenizer = await readTokenizer(from);
  if (digestJson(tokenizer.settings) === digestJson(text)) return tokenizer;
  throw new Error(
    `The tokenizer of ${from} was made by other text settings than this config's: start with ` +
      `--from ${from}, which takes them over`,
  );
}

/**
 * Writes a run's tokenizer, and that stage 3 is done.
 *
 * @param dataset folder of the data set that it was fitted on
 * @param from the run that it was taken from instead
 */
export async function saveTokenizer(
  run: string,
  tokenizer: Tokenizer,
  dataset: string,
  from?: string,
): Promise<void> {
  await writeFileWhole(join(run, TOKENIZER), tokenizerToJson(tokenizer));
  const inputs = await tokenizerInputs(tokenizer.settings, dataset, from);
  await recordStage(run, STAGE, inputs, [TOKENIZER]);
}

/**
 * The captions that the vocabulary is fitted on.
 *
 * @throws {Error} if no caption is in train where only train's are asked for
 */
export function captionsToFit(
  captions: readonly CaptionRow[],
  { fitOn }: Pick<TextSettings, "fitOn">,
): string[] {
  const fitted = captions.filter(({ split }) => fitOn === "all" || split === "train");
  if (fitted.length === 0) {
    throw new Error(
      `None of the ${captions.length} captions is in the train split: ` +
        `look at dataset.split, or set text.fitOn to "all"`,
    );
  }
  return fitted.map(({ caption }) => caption);
}

/** The tokenizer of a run. */
export async function readTokenizer(run: string): Promise<Tokenizer> {
  return tokenizerFromJson(await Deno.readTextFile(join(run, TOKENIZER)));
}
