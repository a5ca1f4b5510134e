/** What one seed of a config led to, or an ensemble. */
export interface SeedResult {
  /** The config's name, or the ensemble's. */
  config: string;
  /** What weights, order and dropout were drawn from: one, or those of runs that caption together. */
  seeds: number[];
  /** Its folder. */
  run: string;
  /** What was captioned: the data set and its split. */
  on: string;
  /** Photos captioned. */
  photos: number;
  /** What the scores depend on. */
  signature: string;
  /** By name: `bleu-1`, … */
  scores: Record<string, number>;
  /** Epochs of training. */
  epochs: number;
  /** Of its epochs, validation included. */
  seconds: number;
  /** Numbers that the decoder's weights are. */
  parameters: number;
}

/** A mean over seeds, and how far they lie from each other. */
export interface MeanAndSpread {
  /** Over all seeds. */
  mean: number;
  /** The standard deviation of a sample (n − 1); absent where there is one seed. */
  spread?: number;
}

/** What all seeds of a config led to. */
export interface Summary {
  /** The config's name. */
  config: string;
  /** What was captioned: the data set and its split. */
  on: string;
  /** Photos captioned. */
  photos: number;
  /** Of all results, in their order. */
  seeds: number[];
  /** By name: `bleu-1`, … */
  scores: Record<string, MeanAndSpread>;
  /** Of training. */
  seconds: MeanAndSpread;
  /** Numbers that the decoder's weights are. */
  parameters: number;
}

/** Mean and standard deviation of some values. */
export function meanAndSpread(values: readonly number[]): MeanAndSpread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, spread: Math.sqrt(squares / (values.length - 1)) };
}

/** Results by config, in the order in which they came. */
export function summarize(results: readonly SeedResult[]): Summary[] {
  const groups = Map.groupBy(results, ({ config }) => config).values();
  return Array.from(groups, (group) => {
    const [{ config, on, photos, parameters, scores }] = group;
    const overSeeds = (name: string) => meanAndSpread(group.map(({ scores }) => scores[name]));
    return {
      ...{ config, on, photos, parameters },
      seeds: group.flatMap(({ seeds }) => seeds),
      scores: Object.fromEntries(Object.keys(scores).map((name) => [name, overSeeds(name)])),
      seconds: meanAndSpread(group.map(({ seconds }) => seconds)),
    };
  });
}
