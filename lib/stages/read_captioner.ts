import { Captioner } from "../captioner/mod.ts";
import type { Config } from "../config/mod.ts";
import type { Engine } from "../engine/mod.ts";
import { createDecoder } from "../models/mod.ts";
import type { Listener } from "../progress/mod.ts";
import type { Run } from "../run/mod.ts";
import { HeldListener } from "./held_listener.ts";

/**
 * Best checkpoint → captions of features. Its files are read while the engine starts, whose failure
 * comes before theirs.
 *
 * @param say hears where weights were read from instead of a damaged file
 * @throws {Error} if the run is not trained to its end
 * @throws {RangeError} if the checkpoint does not fit the config
 */
export async function readCaptioner(
  run: Run,
  config: Config,
  engine: Pick<Engine, "fused"> | Promise<Pick<Engine, "fused">>,
  say?: Listener["say"],
): Promise<Captioner> {
  const held = new HeldListener({ say });
  const reading = readFiles(run, config, held.say);
  reading.catch(() => {}); // told below
  const { fused } = await engine;
  held.release();
  const { featureShape, tokenizer, weights } = await reading;
  const { vocabularySize } = tokenizer;
  const decoder = createDecoder(config.model, { vocabularySize, featureShape }, fused);
  return new Captioner({ decoder, weights, tokenizer, featureShape, decoding: config.decoding });
}

/** What a captioner of a run is made of, its decoder left out, whose engine may be starting. */
export async function readFiles(run: Run, config: Config, say?: Listener["say"]) {
  const { featureShape } = await run.readTraining();
  const tokenizer = await run.readTokenizer();
  const { vocabularySize } = tokenizer;
  const weights = await run.readWeights(
    createDecoder(config.model, { vocabularySize, featureShape }),
    say,
  );
  return { featureShape, tokenizer, weights };
}
