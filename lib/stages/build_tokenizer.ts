import type { CaptionRow } from "../datasets/mod.ts";
import { Run } from "../run/mod.ts";
import { digestJson } from "../storage/mod.ts";
import { counted, fitTokenizer, type TextSettings, type Tokenizer } from "../text/mod.ts";
import { type Experiment, openRun, type OpenRunOptions, runOf } from "./experiment.ts";
import { freeMemory } from "./free_memory.ts";
import type { PreparedData } from "./prepared_data.ts";

/** What stage 3 made. */
export interface BuiltTokenizer {
  /** The run. */
  run: Run;
  /** Its tokenizer. */
  tokenizer: Tokenizer;
}

/**
 * Stage 3: captions → the tokenizer in the run's folder.
 *
 * @throws {Error} naming the keys that differ, or the process that works on the run
 */
export async function buildTokenizer(
  experiment: Experiment,
  prepared: PreparedData,
  { overwrite = false, lock }: OpenRunOptions = {},
): Promise<BuiltTokenizer> {
  using own = lock === undefined ? await runOf(experiment).lock(experiment) : undefined;
  const held = lock ?? own;
  const { config: { text, training }, say } = experiment;
  const inputs = await tokenizerInputs(text, prepared, training.from);
  if (!overwrite && await runOf(experiment).hasTokenizer(inputs, say)) {
    const run = await openRun(experiment, { lock: held });
    const tokenizer = await run.readTokenizer();
    say(`The tokenizer is built: ${counted(tokenizer.vocabularySize, "word")}`);
    return { run, tokenizer };
  }
  const tokenizer = training.from === undefined
    ? fitTokenizer(captionsToFit(await prepared.captions(), text), text)
    : await tokenizerOf(new Run(training.from), text);
  freeMemory();
  // Only now: a config that cannot be fitted leaves no run behind, and deletes none.
  const run = await openRun(experiment, { overwrite, lock: held });
  await run.saveTokenizer(tokenizer, inputs);
  say(`Tokenizer built: ${counted(tokenizer.vocabularySize, "word")}`);
  return { run, tokenizer };
}

/**
 * All that decides a tokenizer.
 *
 * @param from the run that it is taken from, instead of fitted
 */
export async function tokenizerInputs(
  text: TextSettings,
  prepared: PreparedData,
  from?: string,
): Promise<unknown> {
  return from === undefined
    ? { text, captions: await prepared.digest }
    : { text, from: await new Run(from).tokenizerDigest() };
}

/**
 * The tokenizer of the run that training starts from.
 *
 * @throws {Error} if the config would have another one
 */
async function tokenizerOf(from: Run, text: TextSettings): Promise<Tokenizer> {
  const tokenizer = await from.readTokenizer();
  if (digestJson(tokenizer.settings) === digestJson(text)) return tokenizer;
  throw new Error(
    `The tokenizer of ${from.folder} was made by other text settings than this config's: start ` +
      `with --from ${from.folder}, which takes them over`,
  );
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
