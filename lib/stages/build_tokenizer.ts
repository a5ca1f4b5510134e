import { join } from "node:path";
import { type CaptionRow, readDataset } from "../datasets/mod.ts";
import { digestFile, writeFileWhole } from "../storage/mod.ts";
import {
  fitTokenizer,
  type TextSettings,
  type Tokenizer,
  tokenizerFromJson,
  tokenizerToJson,
} from "../text/mod.ts";
import { type Experiment, openRun } from "./experiment.ts";
import { prepareData } from "./prepare_data.ts";
import { isUpToDate, recordStage } from "./record.ts";

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
 * @param overwrite deletes a run of this name made by another config
 */
export async function buildTokenizer(
  experiment: Experiment,
  overwrite = false,
): Promise<BuiltTokenizer> {
  const { folder: dataset } = await prepareData(experiment);
  const { config: { text }, say } = experiment;
  const run = await openRun(experiment, overwrite);
  const inputs = { text, captions: await digestFile(join(dataset, "captions.parquet")) };
  if (await isUpToDate(run, STAGE, inputs)) {
    const tokenizer = await readTokenizer(run);
    say(`The tokenizer is built: ${tokenizer.vocabularySize} words`);
    return { run, tokenizer };
  }
  const { captions } = await readDataset(dataset);
  const tokenizer = fitTokenizer(captionsToFit(captions, text), text);
  await writeFileWhole(join(run, TOKENIZER), tokenizerToJson(tokenizer));
  await recordStage(run, STAGE, inputs, [TOKENIZER]);
  say(`Tokenizer built: ${tokenizer.vocabularySize} words`);
  return { run, tokenizer };
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
