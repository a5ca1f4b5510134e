/** Runs that caption together, as a line of the table. */
export interface ResultsEnsemble {
  /** `first+second`, or `3 × first`. */
  name: string;
  /** Names of its configs: their runs of each seed, or the runs of all seeds where there is one. */
  configs: string[];
}

/**
 * Ensembles as they are written: `first+second`, the runs of each seed together, or `first`, those of all
 * seeds together.
 *
 * @param names of all configs
 * @param seeds how many each is trained with
 * @throws {RangeError} if one is no config's or is there twice, or a config alone has one seed
 */
export function readEnsembles(
  given: readonly string[],
  names: readonly string[],
  seeds: number,
): ResultsEnsemble[] {
  return given.map((text) => {
    const configs = text.split("+");
    const unknown = configs.find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new RangeError(
        `"${unknown}" of "${text}" is no config of --config: give one of ${names.join(", ")}, or ` +
          "some joined by +",
      );
    }
    if (new Set(configs).size < configs.length) {
      throw new RangeError(`"${text}" has a config twice: join each once by +`);
    }
    if (configs.length === 1 && seeds === 1) {
      throw new RangeError(
        `"${text}" has one run: give more --seeds, whose runs caption together, or join configs by +`,
      );
    }
    return { name: configs.length === 1 ? `${seeds} × ${text}` : text, configs };
  });
}
