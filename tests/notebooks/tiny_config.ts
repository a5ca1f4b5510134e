/** An experiment of a few seconds, with everything that the default one has. */
export const tinyConfig = {
  name: "tiny",
  dataset: { kind: "shapes", train: 60, dev: 10, test: 10 },
  encoder: { kind: "shapes_cnn", shardSize: 32 },
  text: { minCount: 2 },
  model: { kind: "merge", embedding: 16, units: 16, dense: 16 },
  training: {
    epochs: 3,
    batchSize: 16,
    learningRate: 0.01,
    earlyStopping: { patience: 2 },
    reduceLearningRate: { patience: 0, factor: 0.3 },
  },
  decoding: { beam: 3 },
};
