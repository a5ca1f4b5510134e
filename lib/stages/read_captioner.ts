import { Captioner } from "../captioner/mod.ts";
import type { Config } from "../config/mod.ts";
import type { Engine } from "../engine/mod.ts";
import type { FusedOps } from "../nn/mod.ts";
import type { Listener } from "../progress/mod.ts";
import type { Run } from "../run/mod.ts";
import { HeldListener } from "./held_listener.ts";
import { runDecoder } from "./tuned_layers.ts";

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
  const { createDecoder, ...parts } = await reading;
  return new Captioner({ decoder: createDecoder(fused), ...parts, decoding: config.decoding });
}

/** What a captioner of a run is made of, its decoder made later, whose engine may be starting. */
export async function readFiles(run: Run, config: Config, say?: Listener["say"]) {
  const { featureShape } = await run.readTraining();
  const tokenizer = await run.readTokenizer();
  const { vocabularySize } = tokenizer;
  // The config may name another encoder by now, or a file of features in its place.
  const { encoder } = await run.readConfig();
  const createDecoder = (fused?: FusedOps) =>
    runDecoder({ model: config.model, encoder }, { vocabularySize, featureShape }, fused);
  const weights = await run.readWeights(createDecoder(), say);
  return { featureShape, tokenizer, weights, createDecoder };
}
