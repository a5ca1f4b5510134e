import { type Config, loadConfig, resolvePaths } from "../config/mod.ts";
import type { Experiment } from "../stages/mod.ts";

/** An experiment beside another one. */
export interface SecondExperiment {
  /** It; its run has a name of its own. */
  experiment: Experiment;
  /** In which it differs, as a sentence. */
  difference: string;
}

/** The layer of `shapes_cnn` before what is there and where are mixed: 12 × 12 regions. */
const SHAPES_GRID = "conv4";

/** Its decoder: small, and without dropout, since it sees each caption a few times only. */
const MODEL = {
  kind: "attention",
  embedding: 128,
  units: 128,
  regionUnits: 32,
  heads: 1,
  imageDropout: 0,
  wordDropout: 0,
  outputDropout: 0,
};

/** Epochs of about 10 seconds on two cores. */
const EPOCHS = 8;

/**
 * An experiment to compare a run with, where no other run is named: on the features of `shapes_cnn` a
 * small decoder with attention to that network's grid; otherwise the same with another seed, which
 * shows how far chance alone moves the scores.
 */
export async function secondExperiment(experiment: Experiment): Promise<SecondExperiment> {
  const { config, root } = experiment.written ?? { config: experiment.config, root: undefined };
  const seed = config.training.seed + 1;
  const { name, overrides, difference } = takesShapes(config)
    ? {
      name: `${config.name}-attention`,
      overrides: attentionOverrides(config.training),
      difference: "a decoder that for every word chooses which regions of the photo it looks at",
    }
    : {
      name: `${config.name}-seed-${seed}`,
      overrides: [`training.seed=${seed}`],
      difference: `the same settings with another seed, ${seed}`,
    };
  const second = await loadConfig({ base: config, name, overrides });
  return {
    experiment: {
      ...experiment,
      config: root === undefined ? second : resolvePaths(second, root),
      written: root === undefined ? undefined : { config: second, root },
    },
    difference: `${name}: ${difference}`,
  };
}

function attentionOverrides({ epochs, seed, devScores, arithmetic }: Config["training"]): string[] {
  const few = Math.min(EPOCHS, epochs);
  const training = {
    epochs: few,
    batchSize: 128,
    photosTogether: true,
    // Down to 0: a good end after few epochs.
    learningRate: 0.006,
    learningRateSchedule: { kind: "cosine", epochs: few },
    ...{ seed, devScores, arithmetic },
  };
  return [
    `encoder.layer=${SHAPES_GRID}`,
    "encoder.precision=float16",
    `model=${JSON.stringify(MODEL)}`,
    `training=${JSON.stringify(training)}`,
  ];
}

/** Whether its decoder takes the usual feature of `shapes_cnn`, and learns from the beginning. */
function takesShapes({ encoder, training }: Config): boolean {
  return encoder.kind === "shapes_cnn" && encoder.layer === "features" &&
    encoder.features === undefined && training.from === undefined;
}
